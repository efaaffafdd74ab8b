using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;

namespace LatentSync.Tests.Models.Quantization.Recipes;

public sealed class RecipeFileTests
{
    private const string Good = """
        target: onnx-cpu
        networks:
          unet:
            precision: int8
            level: conv+ff
            quantize: ["*.proj_in"]
            keep: [down_blocks.0.resnets.0.conv1]
            range: percentile
            percentile: 99.9
            weight_bits: 7
          whisper:
            precision: int8-dynamic
        """;

    [Fact]
    public void Parse_EveryKey_IsRead()
    {
        QuantizationRecipe recipe = RecipeFile.Parse(Good, "folder/mine.yaml");

        Assert.Equal(("mine.yaml", QuantizationTarget.OnnxCpu), (recipe.Name, recipe.Target));
        Assert.Equal(["unet", "whisper"], recipe.Networks.Keys.Order(StringComparer.Ordinal));
        NetworkRecipe unet = recipe.Networks["unet"];
        Assert.Equal((NetworkPrecision.Int8, NetworkPrecision.Fp32, QuantizationLevel.FeedForward), (unet.Precision, unet.Rest, unet.Level));
        Assert.Equal((RangeMethod.Percentile, 99.9, 7), (unet.Range, unet.Percentile, unet.WeightBits));
        Assert.Equal(["*.proj_in"], unet.Quantize);
        Assert.Equal(["down_blocks.0.resnets.0.conv1"], unet.Keep);
    }

    [Theory]
    [InlineData("level: conv+ff", "leval: conv", "'networks.unet.leval' is not known")]
    [InlineData("target: onnx-cpu", "target: cpu", "'target' is 'cpu'")]
    [InlineData("target: onnx-cpu", "goal: onnx-cpu", "'goal' is not known")]
    [InlineData("precision: int8-dynamic", "precision: int4", "'int4'")]
    [InlineData("  whisper:", "  face_detector:", "no network 'face_detector'")]
    [InlineData("weight_bits: 7", "weight_bits: 4", "'networks.unet.weight_bits'")]
    [InlineData("percentile: 99.9", "percentile: 50", "'networks.unet.percentile'")]
    [InlineData("range: percentile", "range: max", "'networks.unet.percentile' has no effect")]
    [InlineData("precision: int8-dynamic", "precision: fp16\n    level: conv", "'networks.whisper.level' has no effect with precision fp16")]
    [InlineData("precision: int8-dynamic", "precision: int8-dynamic\n    range: max", "'networks.whisper.range' has no effect")]
    [InlineData("keep: [down_blocks.0.resnets.0.conv1]", "keep: conv1", "'networks.unet.keep'")]
    [InlineData("keep: [down_blocks.0.resnets.0.conv1]", "keep: [3]", "'networks.unet.keep'")]
    [InlineData("networks:", "networks: none\nothers:", "networks")]
    public void Parse_Fault_IsOneErrorThatNamesFileAndKey(string right, string wrong, string named)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => RecipeFile.Parse(Good.Replace(right, wrong, StringComparison.Ordinal), "mine.yaml"));

        Assert.StartsWith("mine.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("int7", "no such preset or file")]
    [InlineData("absent/recipe.yaml", "no such file")]
    public void Load_NothingThere_SaysWhatThereIs(string name, string expected) =>
        Assert.Contains(expected, Assert.Throws<LatentSyncException>(() => QuantizationRecipe.Load(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_Presets_AreAllValid() =>
        Assert.All(RecipePresets.Names, name => Assert.Equal(name, QuantizationRecipe.Load(name).Name));
}
