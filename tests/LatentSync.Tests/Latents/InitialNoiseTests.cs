using LatentSync.Latents;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Latents;

public class InitialNoiseTests
{
    private const long TraceSeed = 1247;

    // torch's vectorised logarithm and sine differ from the C library's in the last bits: 1e-5 is far below what a wrong draw gives (about 1).
    private const float Tolerance = 1e-5f;

    public static IEnumerable<object[]> Cases() => Goldens.Folders("pipeline", "trace.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Draw_TraceSeed_GivesTorchNumbers(string name)
    {
        using GoldenFile trace = new(Path.Combine(Goldens.Case("pipeline", name), "trace.safetensors"));
        Tensor expected = trace.Read("noise");
        long seed = trace.OptionalMetadata("seed") is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : TraceSeed;
        Tensor actual = InitialNoise.Draw(seed, (int)expected.Shape[0], (int)expected.Shape[1], (int)expected.Shape[2]);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected.Span[i], actual.Span[i], Tolerance);
        }
    }

    [Fact]
    public void Draw_SameSeed_SameNumbers() =>
        Assert.Equal(InitialNoise.Draw(7, 4, 8, 8).Span.ToArray(), InitialNoise.Draw(7, 4, 8, 8).Span.ToArray());

    [Fact]
    public void Draw_OtherSeed_OtherNumbers() =>
        Assert.NotEqual(InitialNoise.Draw(7, 4, 8, 8).Span.ToArray(), InitialNoise.Draw(8, 4, 8, 8).Span.ToArray());

    [Fact]
    public void Draw_NotAMultipleOfSixteen_DrawsTheTailAnew()
    {
        Tensor noise = InitialNoise.Draw(3, 1, 5, 5);
        Assert.All(noise.Span.ToArray(), value => Assert.InRange(value, -6f, 6f));
        Assert.Equal(InitialNoise.Draw(3, 1, 1, 16).Span[..9].ToArray(), noise.Span[..9].ToArray());
    }

    [Fact]
    public void Draw_FewerThanSixteen_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => InitialNoise.Draw(1, 1, 3, 5));
}
