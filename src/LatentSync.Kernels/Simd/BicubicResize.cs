using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels.Simd;

/// <summary>
/// Antialiased bicubic resize of float planes into interleaved pixels, not clamped. Columns first, because the planes' rows are contiguous; the result
/// is interleaved to four lanes a pixel, so that the row pass and the warp that follows take a pixel with one load. Immutable; any number of threads.
/// </summary>
internal sealed class BicubicResize(int sourceWidth, int sourceHeight, int width, int height)
{
    private readonly BicubicTaps _columns = new(sourceWidth, width);
    private readonly BicubicTaps _rows = new(sourceHeight, height);

    /// <summary>Resizes a picture.</summary>
    /// <param name="planes"><c>[3, sourceHeight, sourceWidth]</c>.</param>
    /// <param name="pixels"><c>[height, width, 4]</c>; the fourth lane is 0.</param>
    public void Resize(ReadOnlySpan<float> planes, Span<float> pixels)
    {
        float[] scratch = ArrayPool<float>.Shared.Rent(7 * sourceWidth);
        try
        {
            Span<float> columns = scratch.AsSpan(0, 3 * sourceWidth), line = scratch.AsSpan(3 * sourceWidth, 4 * sourceWidth);
            for (int y = 0; y < height; y++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    JoinRows(planes.Slice(channel * sourceWidth * sourceHeight, sourceWidth * sourceHeight), y, columns.Slice(channel * sourceWidth, sourceWidth));
                }

                Interleave(columns, line);
                ResizeRow(line, pixels.Slice(y * width * 4, width * 4));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    private void JoinRows(ReadOnlySpan<float> plane, int y, Span<float> result)
    {
        ReadOnlySpan<float> weights = _rows.Weights.AsSpan(y * _rows.Count, _rows.Count);
        ReadOnlySpan<float> rows = plane.Slice(_rows.Starts[y] * sourceWidth, _rows.Count * sourceWidth);
        int x = 0;
        for (; x <= sourceWidth - Vector256<float>.Count; x += Vector256<float>.Count)
        {
            Vector256<float> sum = default;
            for (int k = 0; k < weights.Length; k++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[k]), Vector256.Create(rows.Slice((k * sourceWidth) + x, Vector256<float>.Count)), sum);
            }

            sum.CopyTo(result[x..]);
        }

        for (; x < sourceWidth; x++)
        {
            float sum = 0;
            for (int k = 0; k < weights.Length; k++)
            {
                sum = MathF.FusedMultiplyAdd(weights[k], rows[(k * sourceWidth) + x], sum);
            }

            result[x] = sum;
        }
    }

    private void Interleave(ReadOnlySpan<float> columns, Span<float> line)
    {
        ReadOnlySpan<float> red = columns[..sourceWidth], green = columns.Slice(sourceWidth, sourceWidth), blue = columns.Slice(2 * sourceWidth, sourceWidth);
        Span<Vector128<float>> pixels = MemoryMarshal.Cast<float, Vector128<float>>(line);
        for (int x = 0; x < pixels.Length; x++)
        {
            pixels[x] = Vector128.Create(red[x], green[x], blue[x], 0);
        }
    }

    private void ResizeRow(ReadOnlySpan<float> line, Span<float> row)
    {
        int taps = _columns.Count;
        ref float weights = ref MemoryMarshal.GetArrayDataReference(_columns.Weights);
        ref float source = ref MemoryMarshal.GetReference(line);
        for (int x = 0; x < width; x++)
        {
            Vector128<float> sum = default;
            ref float from = ref Unsafe.Add(ref source, _columns.Starts[x] * 4);
            for (int k = 0; k < taps; k++)
            {
                sum = Vector128.FusedMultiplyAdd(
                    Vector128.Create(Unsafe.Add(ref weights, (x * taps) + k)), Vector128.LoadUnsafe(ref Unsafe.Add(ref from, k * 4)), sum);
            }

            sum.CopyTo(row[(x * 4)..]);
        }
    }
}
