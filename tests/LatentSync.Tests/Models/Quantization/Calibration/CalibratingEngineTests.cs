using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Models.Graphs;
using LatentSync.Tests.Models.Precision;

namespace LatentSync.Tests.Models.Quantization.Calibration;

public sealed class CalibratingEngineTests
{
    [Fact]
    public void Run_SmallNetwork_SeesEveryElement()
    {
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node("Mul", "m", "x", "w"), SmallGraphs.Node("Add", "a", "m", "w"), SmallGraphs.Node("Relu", "y", "a")], SmallGraphs.Weight("w", 1, 2, 3, -4));
        NetworkStatistics statistics = new("f");
        using CalibratingEngine engine = CalibratingEngine.Load(graph, "small", statistics, 1, new OnnxRuntimeOptions());

        IReadOnlyList<Tensor> results = engine.Run([new NamedTensor("x", new Tensor(new float[] { 1, 1, 1, 1, 0, 0, 0, 3 }, 2, 4))]);

        Assert.Equal([2, 4, 6, 0, 1, 2, 3, 0], results.Single().Span.ToArray());
        Assert.Equal(["y"], engine.Outputs.Select(output => output.Name));
        Assert.Equal((1, 16f), (statistics.RunCount, statistics.LargestOf("a")));
        Assert.Equal(8, statistics.Histograms["a"].Count);
        Assert.Equal(["a"], statistics.Values);
    }

    [Fact]
    public void Run_DemoUNet_GivesTheSameAsWithoutAndMagnitudesOfItsValues()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        OnnxGraph graph = DemoGraphs.Build("unet", checkpoint);
        NamedTensor[] inputs = DemoInputs.UNet();
        using BuiltGraph plain = new(graph);
        using OnnxModelReader written = OnnxModelReader.Open(plain.Files.Model.Path);
        NetworkStatistics statistics = new("f");
        using CalibratingEngine engine = CalibratingEngine.Load(written.Graph, "unet", statistics, 7, new OnnxRuntimeOptions());

        Tensor expected = plain.Run(inputs)["out_sample"], actual = engine.Run(inputs).Single();

        // Sums come in another order where fusions are not possible any more.
        Assert.InRange(Cosine.Of(expected.Span, actual.Span), 1 - 1e-9, 1 + 1e-9);
        Assert.Equal(CalibrationPoints.Of(graph, "unet").Order(StringComparer.Ordinal), statistics.Values.Order(StringComparer.Ordinal));
        Assert.All(statistics.Values, value => Assert.True(statistics.LargestOf(value) > 0, value));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Run_NumbersThatAreNotFinite_NamesTheValueAndAddsNothing(float bad)
    {
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node("Add", "a", "x", "x"), SmallGraphs.Node("Relu", "y", "a")]);
        NetworkStatistics statistics = new("f");
        using CalibratingEngine engine = CalibratingEngine.Load(graph, "unet.onnx", statistics, 5, new OnnxRuntimeOptions());
        Tensor x = new(new float[] { 1, 1, 1, bad, 0, 0, 0, 3 }, 2, 4);

        LatentSyncException error = Assert.Throws<LatentSyncException>(() => engine.Run([new NamedTensor("x", x)]));

        Assert.Contains("unet.onnx: 'a' holds numbers that are not finite", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, statistics.RunCount);
        Assert.Empty(statistics.Values);
    }
}
