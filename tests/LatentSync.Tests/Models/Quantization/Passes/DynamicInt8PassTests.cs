using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization;
using LatentSync.Models.Quantization.Layers;
using LatentSync.Models.Quantization.Passes;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;
using LatentSync.Tests.Models.Precision;

namespace LatentSync.Tests.Models.Quantization.Passes;

public sealed class DynamicInt8PassTests
{
    private static readonly NetworkRecipe s_recipe = new() { Precision = NetworkPrecision.Int8Dynamic };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_Layer_StaysCloseAndBecomesOneOperator(bool bias)
    {
        Random random = new(1);
        float[] weight = Noise(64 * 32);
        OnnxGraph graph = new()
        {
            Name = "layer",
            Opset = 21,
            Inputs = [new("x", OnnxElementType.Float, ["rows", 32])],
            Outputs = [new("y", OnnxElementType.Float, ["rows", 64])],
            Nodes = [new OnnxNode("Gemm", "layer", bias ? ["x", "w", "b"] : ["x", "w"], ["l"], [new OnnxAttribute("transB", 1L)]), SmallGraphs.Node("Relu", "y", "l")],
            Initializers = [new("w", [64, 32], ConstantSource.Of(weight)), .. bias ? [SmallGraphs.Weight("b", [.. Enumerable.Range(0, 64).Select(i => i / 64f)])] : Array.Empty<OnnxInitializer>()],
        };
        OnnxGraph quantized = new DynamicInt8Pass(LayerSelection.Make(graph, s_recipe, "x"), 127, default).Apply(graph);
        Tensor x = new(Noise(5 * 32), 5, 32);
        using BuiltGraph before = new(graph), after = new(quantized);

        Assert.True(Cosine.Of(before.Run(new NamedTensor("x", x))["y"].Span, after.Run(new NamedTensor("x", x))["y"].Span) > 0.9995);
        Assert.Contains(OptimizedOperators.Of(quantized), name => name is "DynamicQuantizeMatMul" or "MatMulIntegerToFloat");
        Assert.Contains("MatMulInteger", string.Join(' ', TargetOperators.Refused(quantized, QuantizationTarget.TensorRt)), StringComparison.Ordinal);

        float[] Noise(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    [Fact]
    public void Apply_ListedConvolution_IsRefusedByName()
    {
        OnnxGraph graph = ConvolutionGraph.Make();
        LayerSelection selection = LayerSelection.Make(graph, s_recipe with { Quantize = ["conv"] }, "x");
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => new DynamicInt8Pass(selection, 127, default).Apply(graph));
        Assert.Contains("'conv' is a convolution", error.Message, StringComparison.Ordinal);
    }
}
