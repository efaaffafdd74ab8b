using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Precision;

namespace LatentSync.Tests.Models.Onnx;

public sealed class EightBitSourceTests
{
    [Fact]
    public void Float8_EveryCode_ComesBackAsItself()
    {
        foreach (byte code in Enumerable.Range(0, 256).Select(i => (byte)i).Where(code => (code & 0x7F) != 0x7F))
        {
            Assert.Equal(code, Float8.FromSingle(Float8.ToSingle(code)));
        }

        Assert.True(float.IsNaN(Float8.ToSingle(Float8.FromSingle(float.NaN))));
    }

    /// <summary>ONNX Runtime's own conversion is the reference, ties and the ends of the range included.</summary>
    [Fact]
    public void Float8_AnyNumber_RoundsAsTheRuntimeRounds()
    {
        float[] values =
        [
            .. Enumerable.Range(0, 126).Select(i => (Float8.ToSingle((byte)i) + Float8.ToSingle((byte)(i + 1))) / 2),
            .. Enumerable.Range(0, 20_000).Select(i => MathF.Sin(i) * MathF.Exp((i % 37) - 25)),
            447, 448, 463.9f, 464, 1000, 1e30f, -1e30f, 1e-30f, 0,
        ];
        OnnxGraph graph = new()
        {
            Name = "cast",
            Opset = 21,
            Inputs = [new("x", OnnxElementType.Float, [values.Length])],
            Outputs = [new("y", OnnxElementType.Float, [values.Length])],
            Nodes = [SmallGraphs.Node("QuantizeLinear", "q", "x", "scale", "zero"), SmallGraphs.Node("DequantizeLinear", "y", "q", "scale", "zero")],
            Initializers = [new("scale", [], ConstantSource.Of([1f])), SmallGraphs.Float8("zero")],
        };
        using PlainSession session = new(graph);

        float[] expected = session.Run(new NamedTensor("x", new Tensor(values, values.Length)))["y"].Span.ToArray();

        Assert.All(values.Zip(expected), pair => Assert.Equal(pair.Second, Float8.ToSingle(Float8.FromSingle(pair.First))));
    }

    [Fact]
    public void Quantized_AnyWindow_GivesTheSameCodes()
    {
        float[] values = [.. Enumerable.Range(0, 60_000).Select(i => MathF.Sin(i * 0.3f))];
        float[] scales = [1 / 127f, 1 / 64f, 1 / 300f];
        QuantizedSource source = new(ConstantSource.Of(values), scales, OnnxElementType.Int8);
        byte[] whole = new byte[values.Length], part = new byte[25_001];
        source.Read(0, whole);
        source.Read(19_999, part);

        Assert.Equal(values.Select((value, i) => (sbyte)Math.Clamp(MathF.Round(value / scales[i / 20_000], MidpointRounding.ToEven), -127, 127)), whole.Select(code => (sbyte)code));
        Assert.Equal(whole.Skip(19_999).Take(part.Length), part);
    }

    [Fact]
    public void Transposed_AnyWindow_GivesTheSameElements()
    {
        float[] values = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        TransposedSource source = new(ConstantSource.Of(values), 3, 4);
        float[] last = new float[5];

        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], source.ReadAll());
        source.Read(7, System.Runtime.InteropServices.MemoryMarshal.AsBytes(last.AsSpan()));
        Assert.Equal([6, 10, 3, 7, 11], last);
    }

    [Theory]
    [InlineData(1 + (1 / 256f), 1)]
    [InlineData(1 + (3 / 256f), 1 + (1 / 64f))]
    [InlineData(-3.39e38f, -3.3895314e38f)]
    [InlineData(3.4e38f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void BFloat16_Ties_RoundToEven(float value, float expected) =>
        Assert.Equal(expected, new WidenedSource(new BFloat16Source(ConstantSource.Of([value]))).ReadAll().Single());
}
