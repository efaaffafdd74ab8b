using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>
/// One of the four 2x2 kernels that a 3x3 convolution after a doubling by nearest neighbour comes down to: taps of the 3x3 kernel that read the same
/// pixel of the small picture are added up.
/// </summary>
/// <param name="source">Float32 kernels, [..., 3, 3].</param>
/// <param name="row">0 for even rows of the large picture, 1 for odd ones.</param>
/// <param name="column">0 for even columns, 1 for odd ones.</param>
internal sealed class PhaseKernelSource(TensorSource source, int row, int column) : TensorSource(OnnxElementType.Float, source.ElementCount / Taps * PhaseTaps)
{
    private const int Taps = 9;
    private const int PhaseTaps = 4;
    private const int WindowInKernels = 1 << 14;

    public override void Read(long elementOffset, Span<byte> destination)
    {
        Span<float> result = MemoryMarshal.Cast<byte, float>(destination);
        float[] window = new float[WindowInKernels * Taps];
        while (!result.IsEmpty)
        {
            long kernel = elementOffset / PhaseTaps;
            int skipped = (int)(elementOffset % PhaseTaps), count = Math.Min(result.Length, (WindowInKernels * PhaseTaps) - skipped);
            int kernels = (skipped + count + PhaseTaps - 1) / PhaseTaps;
            source.Read(kernel * Taps, MemoryMarshal.AsBytes(window.AsSpan(0, kernels * Taps)));
            for (int i = 0; i < count; i++)
            {
                (int k, int tap) = Math.DivRem(skipped + i, PhaseTaps);
                result[i] = Sum(window.AsSpan(k * Taps, Taps), tap / 2, tap % 2);
            }

            result = result[count..];
            elementOffset += count;
        }
    }

    // An even pixel's neighbours before it lie in the small picture's previous pixel, it and the one behind it in its own; an odd pixel's the other way round.
    private float Sum(ReadOnlySpan<float> kernel, int tapRow, int tapColumn)
    {
        (int firstRow, int rows) = Range(row, tapRow);
        (int firstColumn, int columns) = Range(column, tapColumn);
        double sum = 0;
        for (int y = firstRow; y < firstRow + rows; y++)
        {
            for (int x = firstColumn; x < firstColumn + columns; x++)
            {
                sum += kernel[(y * 3) + x];
            }
        }

        return (float)sum;
    }

    private static (int First, int Count) Range(int phase, int tap) => (phase, tap) switch
    {
        (0, 0) => (0, 1),
        (0, _) => (1, 2),
        (_, 0) => (0, 2),
        _ => (2, 1),
    };
}
