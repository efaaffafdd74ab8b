using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Configuration;

public sealed class VaeConfigFileTests
{
    public static IEnumerable<object[]> Cases() => Goldens.Folders("vae", "config.json");

    [Fact]
    public void Load_DemoPack_ReadsEveryValue()
    {
        VaeConfig config = VaeConfigFile.Load(Path.Combine(Goldens.DemoPack, "checkpoints", "vae", "config.json"));

        Assert.Equal([24, 32, 48, 64], config.BlockOutChannels);
        Assert.Equal((1, 8, 4), (config.LayersPerBlock, config.NormNumGroups, config.LatentChannels));
        Assert.Equal((0.18215, 0.0, 8), (config.ScalingFactor, config.ShiftFactor, config.DownscaleFactor));
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Load_ReferenceConfig_IsUnderstood(string name) =>
        Assert.True(VaeConfigFile.Load(Path.Combine(Goldens.Case("vae", name), "config.json")).DownscaleFactor >= 1);

    [Theory]
    [InlineData("""{"_class_name": "AutoencoderTiny"}""", "AutoencoderTiny")]
    [InlineData("""{"act_fn": "relu"}""", "act_fn")]
    [InlineData("""{"down_block_types": ["DownEncoderBlock2D", "AttnDownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"]}""", "AttnDownEncoderBlock2D")]
    [InlineData("""{"latents_mean": [0.1, 0.2, 0.3, 0.4]}""", "latents_mean")]
    [InlineData("""{"new_key": 1}""", "new_key")]
    [InlineData("""{"scaling_factor": 0}""", "scaling_factor")]
    [InlineData("{", "not valid JSON")]
    public void Load_Unsupported_IsRefusedByName(string json, string named)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(path, json);

        LatentSyncException error = Assert.Throws<LatentSyncException>(() => VaeConfigFile.Load(path));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
