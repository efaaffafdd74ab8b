using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels.Simd;

/// <summary>
/// Separable Gaussian blur in float32, rows first, that reflects at the frame's border without repeating the edge pixel. Each sum runs from
/// the centre outwards, both sides added before they are weighted, with fused multiply-adds: one order, so any box gives the same bits.
/// </summary>
internal static class GaussianBlur
{
    private const int Lanes = 8;
    private const int Block = 4 * Lanes;

    /// <summary>Blurs a plane over the plan's box; in the frame but outside the box the source is zero.</summary>
    public static void Blur(SoftMaskPlan plan, ReadOnlySpan<float> source, Span<float> destination)
    {
        (PixelBox box, int radius) = (plan.Box, plan.EdgeWidth);
        if (radius == 0)
        {
            source[..box.Area].CopyTo(destination);
            return;
        }

        // Rows get a slack of one block so that the column pass needs no tail; the row after the last is zero and stands for all rows outside the box.
        int stride = (box.Width + Block - 1) / Block * Block;
        int padded = stride + (2 * radius);
        float[] scratch = ArrayPool<float>.Shared.Rent(((box.Height + 1) * stride) + padded + stride);
        int[] offsets = ArrayPool<int>.Shared.Rent((2 * radius) + 1);
        try
        {
            Span<float> rows = scratch.AsSpan(0, (box.Height + 1) * stride);
            Span<float> line = scratch.AsSpan(rows.Length, padded), result = scratch.AsSpan(rows.Length + padded, stride);
            rows[(box.Height * stride)..].Clear();
            for (int y = 0; y < box.Height; y++)
            {
                ReadOnlySpan<float> row = source.Slice(y * box.Width, box.Width);
                if (row.IndexOfAnyExcept(0f) < 0)
                {
                    rows.Slice(y * stride, stride).Clear();
                    continue;
                }

                Pad(row, line, radius, box.X, plan.FrameWidth);
                BlurRow(line, plan.BlurWeights, rows.Slice(y * stride, stride));
            }

            for (int y = 0; y < box.Height; y++)
            {
                for (int k = -radius; k <= radius; k++)
                {
                    int from = Reflect(box.Y + y + k, plan.FrameHeight) - box.Y;
                    offsets[k + radius] = (from >= 0 && from < box.Height ? from : box.Height) * stride;
                }

                BlurColumns(rows, offsets.AsSpan(0, (2 * radius) + 1), plan.BlurWeights, result);
                result[..box.Width].CopyTo(destination[(y * box.Width)..]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
            ArrayPool<int>.Shared.Return(offsets);
        }
    }

    /// <summary>Index of the pixel that stands for one outside 0..extent-1, mirrored about the edge pixels' centres as often as needed.</summary>
    internal static int Reflect(int index, int extent)
    {
        if ((uint)index < (uint)extent)
        {
            return index;
        }

        int period = Math.Max(1, 2 * (extent - 1));
        int at = ((index % period) + period) % period;
        return at < extent ? at : period - at;
    }

    private static void Pad(ReadOnlySpan<float> row, Span<float> line, int radius, int start, int extent)
    {
        line.Clear();
        row.CopyTo(line[radius..]);
        for (int i = 0; i < radius; i++)
        {
            SetReflected(row, line, i, radius, start, extent);
            SetReflected(row, line, radius + row.Length + i, radius, start, extent);
        }
    }

    private static void SetReflected(ReadOnlySpan<float> row, Span<float> line, int i, int radius, int start, int extent)
    {
        int from = Reflect(start + i - radius, extent) - start;
        line[i] = (uint)from < (uint)row.Length ? row[from] : 0;
    }

    private static void BlurRow(ReadOnlySpan<float> line, ReadOnlySpan<float> weights, Span<float> row)
    {
        int radius = weights.Length - 1;
        for (int i = 0; i < row.Length; i += Block)
        {
            ref float centre = ref Unsafe.AsRef(in line[i + radius]);
            Sums sums = new(ref centre, weights[0]);
            for (int k = 1; k <= radius; k++)
            {
                sums.Add(ref Unsafe.Subtract(ref centre, k), ref Unsafe.Add(ref centre, k), weights[k]);
            }

            sums.Store(ref row[i]);
        }
    }

    private static void BlurColumns(ReadOnlySpan<float> rows, ReadOnlySpan<int> offsets, ReadOnlySpan<float> weights, Span<float> row)
    {
        int radius = weights.Length - 1;
        ref float plane = ref MemoryMarshal.GetReference(rows);
        for (int i = 0; i < row.Length; i += Block)
        {
            ref float column = ref Unsafe.Add(ref plane, i);
            Sums sums = new(ref Unsafe.Add(ref column, offsets[radius]), weights[0]);
            for (int k = 1; k <= radius; k++)
            {
                sums.Add(ref Unsafe.Add(ref column, offsets[radius - k]), ref Unsafe.Add(ref column, offsets[radius + k]), weights[k]);
            }

            sums.Store(ref row[i]);
        }
    }

    /// <summary>Running sums of one block of pixels.</summary>
    private ref struct Sums
    {
        private Vector256<float> _a, _b, _c, _d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Sums(ref float centre, float weight)
        {
            Vector256<float> w = Vector256.Create(weight);
            _a = Vector256.LoadUnsafe(ref centre) * w;
            _b = Vector256.LoadUnsafe(ref centre, Lanes) * w;
            _c = Vector256.LoadUnsafe(ref centre, 2 * Lanes) * w;
            _d = Vector256.LoadUnsafe(ref centre, 3 * Lanes) * w;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ref float left, ref float right, float weight)
        {
            Vector256<float> w = Vector256.Create(weight);
            _a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref left) + Vector256.LoadUnsafe(ref right), w, _a);
            _b = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref left, Lanes) + Vector256.LoadUnsafe(ref right, Lanes), w, _b);
            _c = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref left, 2 * Lanes) + Vector256.LoadUnsafe(ref right, 2 * Lanes), w, _c);
            _d = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref left, 3 * Lanes) + Vector256.LoadUnsafe(ref right, 3 * Lanes), w, _d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(ref float target)
        {
            _a.StoreUnsafe(ref target);
            _b.StoreUnsafe(ref target, Lanes);
            _c.StoreUnsafe(ref target, 2 * Lanes);
            _d.StoreUnsafe(ref target, 3 * Lanes);
        }
    }
}
