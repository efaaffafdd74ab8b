using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Passes;

/// <summary>Scales of a weight's 8-bit numbers, from its largest magnitudes.</summary>
internal static class WeightScales
{
    private const int WindowLength = 1 << 16;

    /// <summary>A scale for each row of the outermost dimension.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="largestCode">The largest number that the type holds.</param>
    /// <param name="source">What errors name: the graph's file.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <exception cref="LatentSyncException">An element is not finite.</exception>
    public static float[] PerChannel(OnnxInitializer weight, float largestCode, string source, CancellationToken cancellationToken)
    {
        int rows = (int)weight.Shape[0];
        float[] scales = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            scales[i] = Scale(LargestOf(weight, i, rows, source, cancellationToken), largestCode);
        }

        return scales;
    }

    /// <summary>One scale for all.</summary>
    /// <exception cref="LatentSyncException">An element is not finite.</exception>
    public static float[] PerTensor(OnnxInitializer weight, float largestCode, string source, CancellationToken cancellationToken) =>
        [Scale(LargestOf(weight, 0, 1, source, cancellationToken), largestCode)];

    /// <summary>
    /// The least half-precision number that is not smaller, for engines that keep scales in half precision: numbers quantized by another scale than they are
    /// multiplied with would all be off by its rounding.
    /// </summary>
    public static float RoundUpToHalf(float scale)
    {
        Half half = (Half)scale;
        float value = (float)((float)half < scale ? Half.BitIncrement(half) : half);
        return float.IsFinite(value) ? value : (float)Half.MaxValue;
    }

    private static float Scale(float magnitude, float largestCode) => magnitude > 0 ? magnitude / largestCode : 1;

    private static float LargestOf(OnnxInitializer weight, int part, int parts, string source, CancellationToken cancellationToken)
    {
        long length = weight.Source.ElementCount / parts, start = part * length;
        float[] window = ArrayPool<float>.Shared.Rent(WindowLength);
        try
        {
            float largest = 0;
            for (long at = 0; at < length; at += WindowLength)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<float> values = window.AsSpan(0, (int)Math.Min(WindowLength, length - at));
                weight.Source.Read(start + at, MemoryMarshal.AsBytes(values));
                largest = Math.Max(largest, Math.Abs(TensorPrimitives.MaxMagnitude<float>(values)));
            }

            return float.IsFinite(largest)
                ? largest
                : throw new LatentSyncException(LatentSyncError.Model, $"{source}: the weight '{weight.Name}' holds numbers that are not finite, so it cannot be quantized; import the checkpoints again, or list its layer under 'keep'");
        }
        finally
        {
            ArrayPool<float>.Shared.Return(window);
        }
    }
}
