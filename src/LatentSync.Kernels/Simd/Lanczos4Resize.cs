using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LatentSync.Kernels.Simd;

/// <summary>
/// OpenCV's byte INTER_LANCZOS4 resize, bit for bit: rows into 32-bit sums, then columns, one rounding at the end. Rows are resized when the
/// column pass first needs them and kept in a ring of eight, so the intermediate stays in the cache. Immutable; any number of threads.
/// </summary>
internal sealed class Lanczos4Resize(int sourceWidth, int sourceHeight, int width, int height)
{
    private const int Channels = 3;
    private const int Taps = Lanczos4Taps.Count;
    private const int Shift = 2 * Lanczos4Taps.WeightBits;
    private const int Padding = 4;

    private readonly Lanczos4Taps _columns = new(sourceWidth, width);
    private readonly Lanczos4Taps _rows = new(sourceHeight, height);

    /// <summary>Resizes a picture.</summary>
    /// <param name="source">Interleaved bytes, <c>[sourceHeight, sourceWidth, 3]</c>.</param>
    /// <param name="destination">Interleaved bytes, <c>[height, width, 3]</c>.</param>
    public void Resize(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (sourceWidth == width && sourceHeight == height)
        {
            source[..(width * height * Channels)].CopyTo(destination);
            return;
        }

        int stride = (width * Channels) + 8;
        int paddedLength = ((sourceWidth + (2 * Padding)) * Channels) + 32;
        int[] ring = ArrayPool<int>.Shared.Rent(Taps * stride);
        byte[] padded = ArrayPool<byte>.Shared.Rent(paddedLength);
        try
        {
            Span<int> held = stackalloc int[Taps], offsets = stackalloc int[Taps];
            held.Fill(-1);
            for (int y = 0; y < height; y++)
            {
                for (int k = 0; k < Taps; k++)
                {
                    int row = Math.Clamp(_rows.Starts[y] + k, 0, sourceHeight - 1);
                    int slot = row % Taps;
                    if (held[slot] != row)
                    {
                        Pad(source.Slice(row * sourceWidth * Channels, sourceWidth * Channels), padded);
                        ResizeRow(padded, ring.AsSpan(slot * stride, stride));
                        held[slot] = row;
                    }

                    offsets[k] = slot * stride;
                }

                ReadOnlySpan<short> weights = _rows.Weights.AsSpan(y * Taps, Taps);
                JoinRows(ring, offsets, weights, destination.Slice(y * width * Channels, width * Channels));
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ring);
            ArrayPool<byte>.Shared.Return(padded);
        }
    }

    /// <summary>Repeats the edge pixels; the slack behind them keeps 16-byte loads inside the buffer.</summary>
    private static void Pad(ReadOnlySpan<byte> row, Span<byte> padded)
    {
        row.CopyTo(padded[(Padding * Channels)..]);
        for (int i = 0; i < Padding; i++)
        {
            row[..Channels].CopyTo(padded[(i * Channels)..]);
            row[^Channels..].CopyTo(padded[((Padding * Channels) + row.Length + (i * Channels))..]);
        }
    }

    private void ResizeRow(ReadOnlySpan<byte> padded, Span<int> sums)
    {
        // Two neighbours' R, G and B side by side as 16-bit pairs: one multiply-add takes two taps of three channels.
        Vector128<byte> firstPair = Vector128.Create((byte)0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255);
        Vector128<byte> secondPair = Vector128.Create((byte)6, 255, 9, 255, 7, 255, 10, 255, 8, 255, 11, 255, 255, 255, 255, 255);
        ref byte bytes = ref MemoryMarshal.GetReference(padded);
        ref int weightPairs = ref Unsafe.As<short, int>(ref MemoryMarshal.GetArrayDataReference(_columns.Weights));
        ref int target = ref MemoryMarshal.GetReference(sums);
        ReadOnlySpan<int> starts = _columns.Starts;
        for (int x = 0; x < starts.Length; x++)
        {
            ref byte from = ref Unsafe.Add(ref bytes, (starts[x] + Padding) * 3);
            ref int weights = ref Unsafe.Add(ref weightPairs, x * (Taps / 2));
            Vector128<byte> near = Vector128.LoadUnsafe(ref from), far = Vector128.LoadUnsafe(ref from, 12);
            Vector128<int> sum = MultiplyAddPairs(Vector128.Shuffle(near, firstPair), weights)
                + MultiplyAddPairs(Vector128.Shuffle(near, secondPair), Unsafe.Add(ref weights, 1))
                + MultiplyAddPairs(Vector128.Shuffle(far, firstPair), Unsafe.Add(ref weights, 2))
                + MultiplyAddPairs(Vector128.Shuffle(far, secondPair), Unsafe.Add(ref weights, 3));

            // The fourth lane lands where the next pixel's red will be written; the row has room for it after the last.
            sum.StoreUnsafe(ref Unsafe.Add(ref target, x * 3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAddPairs(Vector128<byte> pairs, int weightPair)
    {
        Vector128<short> weights = Vector128.Create(weightPair).AsInt16();
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(pairs.AsInt16(), weights);
        }

        Vector128<int> low = (pairs.AsInt32() << 16 >> 16) * (weights.AsInt32() << 16 >> 16);
        return low + ((pairs.AsInt32() >> 16) * (weights.AsInt32() >> 16));
    }

    private static void JoinRows(ReadOnlySpan<int> ring, ReadOnlySpan<int> offsets, ReadOnlySpan<short> weights, Span<byte> row)
    {
        ref int sums = ref MemoryMarshal.GetReference(ring);
        ref byte target = ref MemoryMarshal.GetReference(row);
        int x = 0;
        for (; x <= row.Length - 16; x += 16)
        {
            Vector256<int> a = Vector256.Create(1 << (Shift - 1)), b = a;
            for (int k = 0; k < Taps; k++)
            {
                ref int from = ref Unsafe.Add(ref sums, offsets[k] + x);
                Vector256<int> weight = Vector256.Create((int)weights[k]);
                a += Vector256.LoadUnsafe(ref from) * weight;
                b += Vector256.LoadUnsafe(ref from, 8) * weight;
            }

            // Shifted by 22 bits the sums fit 16; saturating to bytes is then a clamp and two exact narrowings.
            Vector256<short> shorts = Vector256.Narrow(a >> Shift, b >> Shift);
            shorts = Vector256.Min(Vector256.Max(shorts, Vector256<short>.Zero), Vector256.Create((short)255));
            Vector128.Narrow(shorts.GetLower().AsUInt16(), shorts.GetUpper().AsUInt16()).StoreUnsafe(ref Unsafe.Add(ref target, x));
        }

        for (; x < row.Length; x++)
        {
            int sum = 1 << (Shift - 1);
            for (int k = 0; k < Taps; k++)
            {
                sum += ring[offsets[k] + x] * weights[k];
            }

            row[x] = (byte)Math.Clamp(sum >> Shift, 0, 255);
        }
    }
}
