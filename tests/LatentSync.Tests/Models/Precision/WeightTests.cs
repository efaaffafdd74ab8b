using System.Runtime.InteropServices;
using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Precision;

public sealed class WeightTests
{
    // Ties go to the even neighbour; the last three: half of the least subnormal (to 0), just more (to it), the last number before infinity.
    private static readonly float[] Values = [1 + (1f / 2048), 1 + (3f / 2048), -2049, 2051, 65504, 65519.996f, 2.9802322e-8f, 2.9802326e-8f, 65520];
    private static readonly float[] Rounded = [1, 1 + (1f / 512), -2048, 2052, 65504, 65504, 0, 5.9604645e-8f, float.PositiveInfinity];

    [Fact]
    public void HalfSource_Ties_RoundToEven()
    {
        Half[] halves = new Half[Values.Length];
        new HalfSource(ConstantSource.Of(Values)).Read(0, MemoryMarshal.AsBytes(halves.AsSpan()));

        Assert.Equal(Rounded, halves.Select(half => (float)half));
    }

    [Fact]
    public void HalfSource_AnyWindow_GivesTheSameElements()
    {
        float[] values = [.. Enumerable.Range(0, 40_000).Select(i => MathF.Sin(i) * MathF.Exp((i % 23) - 12))];
        HalfSource source = new(ConstantSource.Of(values));
        Half[] whole = new Half[values.Length], part = new Half[17_001];
        source.Read(0, MemoryMarshal.AsBytes(whole.AsSpan()));
        source.Read(19_999, MemoryMarshal.AsBytes(part.AsSpan()));

        Assert.Equal(values.Select(value => (Half)value), whole);
        Assert.Equal(whole.Skip(19_999).Take(part.Length), part);
    }

    /// <summary>A weight of 256 MB: neither the scan nor the writing may ask for more than a window of it.</summary>
    [Fact]
    public void Apply_LargeWeight_IsReadInWindows()
    {
        using TemporaryFolder folder = new();
        Zeros zeros = new(1 << 26);
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node("Add", "a", "x", "w"), SmallGraphs.Node("Mul", "y", "x", "x")], new OnnxInitializer("w", [1 << 26], zeros));

        OnnxModelFiles files = OnnxModelWriter.Write(Float16Pass.Apply(graph, Float16Recipe.Default).Graph, folder.File("large.onnx"));

        Assert.Equal(2L << 26, files.Data!.LengthInBytes);
        Assert.Equal(2 * (4L << 26), zeros.ReadInBytes);
        Assert.InRange(zeros.LargestWindowInBytes, 1, 4 << 20);
    }

    [Theory]
    [InlineData("*norm*/*", "a.norm1/mean", true)]
    [InlineData("*norm*/*", "a.norm1", false)]
    [InlineData("*.time_emb_proj", "down_blocks.0.resnets.0.time_emb_proj", true)]
    [InlineData("*.time_emb_proj", "x.time_emb_proj.bias", false)]
    [InlineData("up_blocks.?.*", "up_blocks.3.conv", true)]
    [InlineData("up_blocks.?.*", "up_blocks.13.conv", false)]
    [InlineData("*", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a*b*c", "aXbXbc", true)]
    public void NodePattern_Matches_WholeNames(string pattern, string name, bool expected) => Assert.Equal(expected, NodePattern.Matches(pattern, name));

    private sealed class Zeros(long count) : TensorSource(OnnxElementType.Float, count)
    {
        public long ReadInBytes { get; private set; }

        public int LargestWindowInBytes { get; private set; }

        public override void Read(long elementOffset, Span<byte> destination)
        {
            destination.Clear();
            ReadInBytes += destination.Length;
            LargestWindowInBytes = Math.Max(LargestWindowInBytes, destination.Length);
        }
    }
}
