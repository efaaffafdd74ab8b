using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Precision;

namespace LatentSync.Tests.Models.Quantization;

public sealed class NetworkQuantizerTests
{
    [Theory]
    [InlineData(NetworkPrecision.Int8)]
    [InlineData(NetworkPrecision.Fp8)]
    public void Apply_WithoutTheCalibrationThatItNeeds_SaysSo(NetworkPrecision precision)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(
            () => NetworkQuantizer.Apply(Graph(), new NetworkRecipe { Precision = precision }, QuantizationTarget.TensorRt, null, "unet.onnx"));
        Assert.Contains("unet.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("--calibration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_MagnitudeBeyondTheLimit_StaysInFloat32AlsoThroughWhatMovesIt()
    {
        NetworkStatistics statistics = new("f");
        statistics.Of("b").Add([600]);
        statistics.Of("a").Add([500]);

        QuantizedNetwork network = NetworkQuantizer.Apply(Graph(), new NetworkRecipe { Precision = NetworkPrecision.Fp16 }, QuantizationTarget.TensorRt, statistics, "x");

        Dictionary<string, OnnxElementType> types = TypeChecker.Check(network.Graph);
        Assert.Equal((OnnxElementType.Float16, OnnxElementType.Float, OnnxElementType.Float), (types["a"], types["b"], types["moved"]));
        Assert.Contains("'b' reached 600 in the calibration, beyond 512", network.Report.Float16!.Float32Nodes.Single(node => node.Name == "b").Reason, StringComparison.Ordinal);
        Assert.Contains(network.Report.Float16.Float32Nodes, node => node.Name == "last");
    }

    [Fact]
    public void Apply_Fp16Lists_NameLayersAndMustFit()
    {
        NetworkRecipe recipe = new() { Precision = NetworkPrecision.Fp16, Keep = ["a"], Quantize = ["l?st"] };
        Dictionary<string, OnnxElementType> types = TypeChecker.Check(NetworkQuantizer.Apply(Graph(), recipe, QuantizationTarget.TensorRt, null, "x").Graph);
        Assert.Equal((OnnxElementType.Float, OnnxElementType.Float16), (types["a"], types["last"]));

        LatentSyncException error = Assert.Throws<LatentSyncException>(
            () => NetworkQuantizer.Apply(Graph(), recipe with { Keep = ["nothing*"] }, QuantizationTarget.TensorRt, null, "unet.onnx"));
        Assert.Contains("unet.onnx: no layer fits 'nothing*', which the recipe lists under 'keep'", error.Message, StringComparison.Ordinal);
    }

    private static OnnxGraph Graph() => SmallGraphs.Make(
        [
            SmallGraphs.Node("Add", "a", "x", "x"), SmallGraphs.Node("Mul", "b", "a", "a"), SmallGraphs.Node("Identity", "moved", "b"),
            SmallGraphs.Node("Neg", "last", "moved"), SmallGraphs.Node("Neg", "y", "last"),
        ]);
}
