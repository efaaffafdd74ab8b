using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Tests.Models.Quantization.Passes;

/// <summary>A convolution between two multiplications, as it stands between a network's other operators.</summary>
internal static class ConvolutionGraph
{
    private const int Channels = 16, Side = 8;

    public static OnnxGraph Make() => new()
    {
        Name = "convolution",
        Opset = 21,
        Inputs = [new("x", OnnxElementType.Float, [1, Channels, Side, Side])],
        Outputs = [new("y", OnnxElementType.Float, [1, Channels, Side, Side])],
        Nodes =
        [
            new("Mul", "scaled", ["x", "half"], ["scaled"], []),
            new("Conv", "conv", ["scaled", "conv.weight", "conv.bias"], ["conv"], [new("kernel_shape", new long[] { 3, 3 }), new("pads", new long[] { 1, 1, 1, 1 })]),
            new("Mul", "y", ["conv", "half"], ["y"], []),
        ],
        Initializers =
        [
            new("half", [], ConstantSource.Of([0.5f])),
            new("conv.weight", [Channels, Channels, 3, 3], ConstantSource.Of(Noise(Channels * Channels * 9, 0.2f))),
            new("conv.bias", [Channels], ConstantSource.Of(Noise(Channels, 0.5f))),
        ],
    };

    public static Tensor Input() => new(Noise(Channels * Side * Side, 2), 1, Channels, Side, Side);

    private static float[] Noise(int count, float scale) => [.. Enumerable.Range(0, count).Select(i => scale * MathF.Sin((i * 12.9898f) + ((i % 37) * 78.233f)))];
}
