using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization;
using LatentSync.Models.Quantization.Layers;
using LatentSync.Models.Quantization.Passes;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;
using LatentSync.Tests.Models.Precision;

namespace LatentSync.Tests.Models.Quantization.Passes;

public sealed class QdqPassTests
{
    private static readonly float[] s_weight = [1, 2, 3, 4, -0.1f, 0.05f, 0.02f, 0.01f];
    private static readonly float[] s_bias = [0.5f, -0.25f];
    private static readonly float[] s_x = [1, -1, 0.5f, 0.25f, 2, 5, -7, 0];
    private static readonly ActivationRanges s_ranges = new(new Dictionary<string, float> { ["x"] = 2, ["y"] = 40 }, "stats.json");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Apply_Int8_ComputesWhatAnObviousReferenceComputes(bool unsigned)
    {
        OnnxGraph result = Apply(new QdqForm(OnnxElementType.Int8) { QuantizesBiases = true, HasUnsignedActivations = unsigned }, Layer());
        using PlainSession session = new(result);

        float[] actual = session.Run(new NamedTensor("x", new Tensor(s_x, 2, 4)))["y"].Span.ToArray();

        // Half a unit of the bias's 32-bit codes is all that is left between both.
        Assert.All(Reference().Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal(["y"], result.Nodes.Where(node => node.OperatorType == "Gemm").Select(node => node.Name));
        Assert.DoesNotContain(result.Initializers, initializer => initializer.Name is "w" or "b");
    }

    [Fact]
    public void Apply_SeveralLayersOfOneValue_ShareItsPair()
    {
        OnnxGraph graph = SmallGraphs.Make(
            [Gemm("a", "x"), Gemm("b2", "x"), SmallGraphs.Node("Add", "y2", "a", "b2"), SmallGraphs.Node("Tile", "y", "y2", "twice")],
            Weight(), Bias(), new OnnxInitializer("twice", [2], ConstantSource.Of([1L, 2L])));

        OnnxGraph result = Apply(new QdqForm(OnnxElementType.Int8), graph);

        Assert.Single(result.Nodes, node => node.OperatorType == "QuantizeLinear");
        Assert.Equal(2, result.Nodes.Count(node => node.OperatorType == "Gemm" && node.Inputs[0] == "x/read_dequantize"));
    }

    [Theory]
    [InlineData(OnnxElementType.Int8)]
    [InlineData(OnnxElementType.Float8E4M3FN)]
    public void Apply_FormOfTensorRt_IsSymmetricAndLeavesBiasesInFloats(OnnxElementType type)
    {
        OnnxGraph result = Apply(new QdqForm(type) { HasHalfScales = true }, Layer());

        Assert.Empty(TargetOperators.Refused(result, QuantizationTarget.TensorRt));
        Assert.Equal("b", result.Nodes.Single(node => node.OperatorType == "Gemm").Inputs[2]);
        Assert.All(result.Initializers.Where(initializer => initializer.Name.EndsWith("scale", StringComparison.Ordinal)),
            scale => Assert.All(scale.Source.ReadAll(), value => Assert.Equal(value, (float)(Half)value)));
        Assert.Equal(type == OnnxElementType.Int8 ? 2 : 1, result.Initializers.Single(initializer => initializer.Name == "w/scale").Source.ElementCount);
    }

    [Fact]
    public void Refused_FormOfTheCpu_NamesTheBiasOf32Bits()
    {
        OnnxGraph result = Apply(new QdqForm(OnnxElementType.Int8) { QuantizesBiases = true }, Layer());
        Assert.Contains("Int32", Assert.Single(TargetOperators.Refused(result, QuantizationTarget.TensorRt)), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ValueWithoutRange_NamesStatisticsAndLayer()
    {
        ActivationRanges ranges = new(new Dictionary<string, float>(), "stats.json");
        OnnxGraph graph = Layer();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => new QdqPass(Select(graph), ranges, new QdqForm(OnnxElementType.Int8), default).Apply(graph));
        Assert.Contains("stats.json: it has no range of 'x', which 'y' reads", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Apply_WeightThatIsNotFinite_IsNamed(float bad)
    {
        OnnxGraph graph = SmallGraphs.Make([Gemm("y", "x")], new OnnxInitializer("w", [2, 4], ConstantSource.Of([1, 2, 3, 4, 5, bad, 7, 8])), Bias());
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Apply(new QdqForm(OnnxElementType.Int8), graph));
        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ConvolutionOnTheCpu_RunsInIntegers()
    {
        OnnxGraph graph = ConvolutionGraph.Make();
        ActivationRanges ranges = new(new Dictionary<string, float> { ["scaled"] = 1, ["conv"] = 4 }, "stats");
        QdqForm form = new(OnnxElementType.Int8) { HasUnsignedActivations = true, QuantizesBiases = true, QuantizesConvolutionResults = true };
        OnnxGraph quantized = new QdqPass(LayerSelection.Make(graph, new NetworkRecipe { Precision = NetworkPrecision.Int8 }, "x"), ranges, form, default).Apply(graph);

        Tensor input = ConvolutionGraph.Input();
        using BuiltGraph before = new(graph), after = new(quantized);

        Assert.True(Cosine.Of(before.Run(new NamedTensor("x", input))["y"].Span, after.Run(new NamedTensor("x", input))["y"].Span) > 0.9995);
        Assert.Contains("QLinearConv", OptimizedOperators.Of(quantized));
    }

    private static float[] Reference()
    {
        float[] result = new float[4];
        for (int row = 0; row < 2; row++)
        {
            for (int channel = 0; channel < 2; channel++)
            {
                ReadOnlySpan<float> weights = s_weight.AsSpan(channel * 4, 4);
                float weightScale = weights.ToArray().Max(MathF.Abs) / 127, inputScale = 2f / 127;
                double sum = s_bias[channel];
                for (int i = 0; i < 4; i++)
                {
                    double x = Math.Clamp(MathF.Round(s_x[(row * 4) + i] / inputScale, MidpointRounding.ToEven), -128, 127) * inputScale;
                    sum += x * Math.Round(weights[i] / weightScale, MidpointRounding.ToEven) * weightScale;
                }

                result[(row * 2) + channel] = (float)sum;
            }
        }

        return result;
    }

    private static OnnxNode Gemm(string name, string input) => new("Gemm", name, [input, "w", "b"], [name], [new OnnxAttribute("transB", 1L)]);

    private static OnnxInitializer Weight() => new("w", [2, 4], ConstantSource.Of(s_weight));

    private static OnnxInitializer Bias() => new("b", [2], ConstantSource.Of(s_bias));

    private static OnnxGraph Layer() => SmallGraphs.Make([Gemm("y", "x")], Weight(), Bias()) with { Outputs = [new("y", OnnxElementType.Float, [2, 2])] };

    private static LayerSelection Select(OnnxGraph graph) => LayerSelection.Make(graph, new NetworkRecipe { Precision = NetworkPrecision.Int8 }, "small");

    private static OnnxGraph Apply(QdqForm form, OnnxGraph graph) => new QdqPass(Select(graph), s_ranges, form, default).Apply(graph);
}
