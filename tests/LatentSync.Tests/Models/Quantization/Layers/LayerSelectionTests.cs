using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization.Layers;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;

namespace LatentSync.Tests.Models.Quantization.Layers;

public sealed class LayerSelectionTests
{
    private static readonly NetworkRecipe s_int8 = new() { Precision = NetworkPrecision.Int8 };

    [Theory]
    [InlineData("unet", "conv_in", "conv_out", "time_embedding.linear_1", "down_blocks.0.resnets.0.time_emb_proj", "down_blocks.1.resnets.0.conv_shortcut")]
    [InlineData("vae_encoder", "encoder.conv_in", "encoder.conv_out", "quant_conv")]
    [InlineData("vae_decoder", "decoder.conv_in", "decoder.conv_out", "post_quant_conv")]
    public void Make_DefaultExclusions_AreNeverChosen(string network, params string[] excluded)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(network);
        LayerSelection selection = LayerSelection.Make(DemoGraphs.Build(network, checkpoint), s_int8, "x");

        Assert.All(excluded, name => Assert.StartsWith("excluded by default", selection.Decisions.Single(layer => layer.Layer == name).Reason, StringComparison.Ordinal));
        Assert.All(selection.Decisions, layer => Assert.Equal(layer.Reason == "level all", layer.IsChosen));
        Assert.Equal(selection.Decisions.Count(layer => layer.IsChosen), selection.Chosen.Count);
        Assert.NotEmpty(selection.Chosen);
    }

    [Fact]
    public void Make_Levels_EachHoldTheOnesBefore()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        OnnxGraph graph = DemoGraphs.Build("unet", checkpoint);
        QuantizationLevel[] levels = [QuantizationLevel.Conv, QuantizationLevel.FeedForward, QuantizationLevel.Attention, QuantizationLevel.All];
        HashSet<string>[] chosen = [.. levels.Select(level => LayerSelection.Make(graph, s_int8 with { Level = level }, "x").Chosen.Select(layer => layer.Node.Name).ToHashSet())];

        Assert.All(chosen.Zip(chosen.Skip(1)), pair => Assert.ProperSubset(pair.Second, pair.First));
        Assert.All(chosen[0], name => Assert.Contains("conv", name, StringComparison.Ordinal));
        Assert.All(chosen[1].Except(chosen[0]), name => Assert.Contains(".ff.net.", name, StringComparison.Ordinal));
        Assert.All(chosen[2].Except(chosen[1]), name => Assert.Matches(@"\.to_[qkv]$", name));
        Assert.All(chosen[3].Except(chosen[2]), name => Assert.Matches(@"\.(to_out\.0|proj_in|proj_out)$", name));
    }

    [Fact]
    public void Make_Lists_OutweighLevelAndExclusions()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        NetworkRecipe recipe = s_int8 with { Level = QuantizationLevel.None, Quantize = ["conv_out", "*.ff.net.0.proj", "*.conv1"], Keep = ["down_blocks.0.*"] };
        LayerSelection selection = LayerSelection.Make(DemoGraphs.Build("unet", checkpoint), recipe, "x");

        string[] chosen = [.. selection.Chosen.Select(layer => layer.Node.Name)];
        Assert.Contains("conv_out", chosen);
        Assert.DoesNotContain(chosen, name => name.StartsWith("down_blocks.0.", StringComparison.Ordinal));
        Assert.Contains(selection.Decisions, layer => layer.Reason == "kept by the recipe (down_blocks.0.*)");

        // One layer of the checkpoint that the graph holds as two nodes is chosen whole.
        string[] halves = [.. chosen.Where(name => name.Contains(".ff.net.0.proj/", StringComparison.Ordinal))];
        Assert.NotEmpty(halves);
        Assert.All(halves, name => Assert.Contains(name.Replace("/gate", "/value", StringComparison.Ordinal), halves));
    }

    [Theory]
    [InlineData("no.such.layer", "", "quantize")]
    [InlineData("", "mid_block.*.conv9", "keep")]
    public void Make_PatternThatFitsNoLayer_IsAnErrorThatNamesIt(string quantize, string keep, string list)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        NetworkRecipe recipe = s_int8 with { Quantize = quantize.Length > 0 ? [quantize] : [], Keep = keep.Length > 0 ? [keep] : [] };

        LatentSyncException error = Assert.Throws<LatentSyncException>(() => LayerSelection.Make(DemoGraphs.Build("unet", checkpoint), recipe, "pack/unet.onnx"));

        Assert.Equal(LatentSyncError.Usage, error.Error);
        Assert.Contains($"pack/unet.onnx: no layer fits '{quantize}{keep}', which the recipe lists under '{list}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_NothingChosen_IsAnError()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        LatentSyncException error = Assert.Throws<LatentSyncException>(
            () => LayerSelection.Make(DemoGraphs.Build("unet", checkpoint), s_int8 with { Level = QuantizationLevel.None }, "x"));
        Assert.Contains("chooses none", error.Message, StringComparison.Ordinal);
    }
}
