namespace LatentSync.Tests.Architecture;

public sealed class RepositoryTests
{
    private const long MostReferenceBytes = 25_000_000;
    private const long MostTreeBytes = 50_000_000;
    private const string References = "tests/data/goldens";

    private static readonly string[] TopLevel =
    [
        "CMakeLists.txt", "Directory.Build.props", "Directory.Packages.props", "LICENSE", "LatentSync.sln", "README.md",
        "build.ps1", "build.sh", "engines", "native", "src", "tests",
    ];

    [Fact]
    public void TopLevel_IsExactlyThePlan() => Assert.Equal(
        TopLevel,
        SourceTree.Files.Select(file => file.Split('/')[0]).Where(name => name[0] != '.').Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Tree_Size_IsWithinBounds() =>
        Assert.InRange(SourceTree.Files.Sum(SourceTree.SizeOf), 1, MostTreeBytes);

    [Fact]
    public void CompactReferences_Size_IsWithinBounds() =>
        Assert.InRange(SourceTree.Files.Where(file => file.StartsWith(References, StringComparison.Ordinal)).Sum(SourceTree.SizeOf), 1, MostReferenceBytes);

    /// <summary>A clone with nothing beside it must test every area.</summary>
    [Theory]
    [InlineData("checkpoints", ".expected.safetensors")]
    [InlineData("checkpoints", ".pt")]
    [InlineData("checkpoints/hostile", ".pt")]
    [InlineData("checkpoints/hostile", ".safetensors")]
    [InlineData("schedulers", ".safetensors")]
    [InlineData("audio", ".safetensors")]
    [InlineData("audio", ".wav")]
    [InlineData("unet", "/latentsync_unet.pt")]
    [InlineData("unet", "/tensors.safetensors")]
    [InlineData("vae", "/config.json")]
    [InlineData("vae", "/tensors.safetensors")]
    [InlineData("alignment", ".safetensors")]
    [InlineData("alignment", "/masks.safetensors")]
    [InlineData("faces", "/tensors.safetensors")]
    [InlineData("pipeline", "/clip.mkv")]
    [InlineData("pipeline", "/speech.wav")]
    [InlineData("pipeline", "/default/trace.safetensors")]
    [InlineData("pipeline", "/default/frames.mkv")]
    public void CompactReferences_Area_HasACase(string area, string ending) => Assert.Contains(
        SourceTree.Files,
        file => file.StartsWith($"{References}/{area}/", StringComparison.Ordinal) && file.EndsWith(ending, StringComparison.Ordinal));

    [Fact]
    public void CompactReferences_Samplers_AreAllThere()
    {
        string[] kinds = ["ddim", "dpmpp2m", "euler", "lcm", "unipc"];
        Assert.All(kinds, kind => Assert.Contains(
            SourceTree.Files, file => file.StartsWith($"{References}/schedulers/{kind}-", StringComparison.Ordinal)));
    }
}
