using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Models.Precision.Emulation;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;

namespace LatentSync.Tests.Models.Precision.Emulation;

/// <summary>With all of ONNX Runtime's optimisations: the emulation is worth nothing if they take its roundings out.</summary>
public sealed class RoundingEmulationTests
{
    // x + x: half precision's largest number is 65,504, and 65,520, halfway to the next one that it does not have, is the first that overflows.
    [Theory]
    [InlineData(32752, 65504)]
    [InlineData(32759.998f, 65504)]
    [InlineData(32760, float.PositiveInfinity)]
    [InlineData(-32760, float.NegativeInfinity)]
    [InlineData(1024.5f, 2048)]
    [InlineData(1.4e-8f, 0)]
    public void Apply_Float16_RoundsAndOverflowsAsHalfPrecisionDoes(float x, float expected) =>
        Assert.Equal(expected, Doubled(x, (graph, recipe) => Float16Pass.Apply(graph, recipe).Graph));

    [Theory]
    [InlineData(32760, 65536)]
    [InlineData(1.5f, 3)]
    [InlineData(128.5f, 257)]
    [InlineData(1e38f, 2.0004955e38f)]
    public void Apply_BFloat16_KeepsTheRangeAndEightBits(float x, float expected)
    {
        float actual = Doubled(x, (graph, recipe) => BFloat16Pass.Apply(graph, recipe).Graph);
        Assert.Equal(expected, actual, expected / 128);
        Assert.Equal(0u, BitConverter.SingleToUInt32Bits(actual) & 0xFFFF);
    }

    [Fact]
    public void Apply_Weights_AreTheRoundedOnes()
    {
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node("Add", "y", "x", "w")], SmallGraphs.Weight("w", 1 + (1 / 4096f), 2049, 1e-9f, 3));
        OnnxInitializer weight = RoundingEmulation.Apply(Float16Pass.Apply(graph, Float16Recipe.Default).Graph).Initializers.Single();

        Assert.Equal([1, 2048, 0, 3], weight.Source.ReadAll());
    }

    private static float Doubled(float x, Func<OnnxGraph, Float16Recipe, OnnxGraph> pass)
    {
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node("Add", "a", "x", "x"), SmallGraphs.Node("Mul", "y", "a", "one")], SmallGraphs.Weight("one", 1, 1, 1, 1));

        // The input is cast too: halves of the numbers under test are numbers of its type, or nearly.
        using BuiltGraph emulated = new(RoundingEmulation.Apply(pass(graph, Float16Recipe.Default)));
        return emulated.Run(new NamedTensor("x", new Tensor(Enumerable.Repeat(x, 8).ToArray(), 2, 4)))["y"].Span[0];
    }
}
