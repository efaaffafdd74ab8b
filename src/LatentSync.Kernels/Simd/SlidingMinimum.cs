using System.Buffers;
using System.Numerics.Tensors;

namespace LatentSync.Kernels.Simd;

/// <summary>
/// Erosion by a square whose anchor is at index <c>size/2</c>: the minimum over <c>i - size/2 .. i - size/2 + size - 1</c> in rows, then in columns.
/// Windows are doubled (1, 2, 4, ...) and the last step joins two overlapping ones: log2(size) vector minima a pixel, exact.
/// </summary>
internal static class SlidingMinimum
{
    /// <summary>Erodes a plane over the plan's box; outside the frame is +infinity, outside the box but in the frame is zero.</summary>
    public static void Erode(SoftMaskPlan plan, ReadOnlySpan<float> source, Span<float> destination)
    {
        (PixelBox box, int size) = (plan.Box, plan.ErosionSize);
        int rows = box.Height + size - 1, padded = box.Width + size - 1, before = size / 2;
        float[] scratch = ArrayPool<float>.Shared.Rent((rows * box.Width) + (2 * padded));
        try
        {
            Span<float> columns = scratch.AsSpan(0, rows * box.Width);
            Span<float> first = scratch.AsSpan(rows * box.Width, padded), second = scratch.AsSpan((rows * box.Width) + padded, padded);
            for (int row = 0; row < rows; row++)
            {
                Span<float> target = columns.Slice(row * box.Width, box.Width);
                int y = row - before;
                if (y >= 0 && y < box.Height)
                {
                    Pad(source.Slice(y * box.Width, box.Width), first, before, box.X, plan.FrameWidth);
                    ErodeRow(first, second, size, target);
                }
                else
                {
                    target.Fill(Outside(box.Y + y, plan.FrameHeight));
                }
            }

            ErodeColumns(columns, box.Width, box.Height, size, destination);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    private static float Outside(int index, int extent) => index < 0 || index >= extent ? float.PositiveInfinity : 0;

    private static void Pad(ReadOnlySpan<float> row, Span<float> padded, int before, int start, int extent)
    {
        row.CopyTo(padded[before..]);
        int outside = Math.Clamp(before - start, 0, before);
        padded[..outside].Fill(float.PositiveInfinity);
        padded[outside..before].Clear();
        int after = before + row.Length, inside = Math.Clamp(extent - start - row.Length, 0, padded.Length - after);
        padded.Slice(after, inside).Clear();
        padded[(after + inside)..].Fill(float.PositiveInfinity);
    }

    private static void ErodeRow(Span<float> from, Span<float> to, int size, Span<float> destination)
    {
        int window = 1, length = from.Length;
        for (; window * 2 <= size; window *= 2)
        {
            length -= window;
            TensorPrimitives.Min(from[..length], from.Slice(window, length), to[..length]);
            Span<float> swap = from;
            from = to;
            to = swap;
        }

        TensorPrimitives.Min(from[..destination.Length], from.Slice(size - window, destination.Length), destination);
    }

    private static void ErodeColumns(Span<float> rows, int width, int height, int size, Span<float> destination)
    {
        int window = 1, count = height + size - 1;
        for (; window * 2 <= size; window *= 2)
        {
            count -= window;

            // Ascending order in place: row i + window is read before it is overwritten. Rows are adjacent, so one call spans many;
            // it is cut into rows because source and destination may not overlap.
            for (int row = 0; row < count; row++)
            {
                Span<float> target = rows.Slice(row * width, width);
                TensorPrimitives.Min(target, rows.Slice((row + window) * width, width), target);
            }
        }

        int offset = (size - window) * width;
        TensorPrimitives.Min(rows[..(height * width)], rows.Slice(offset, height * width), destination[..(height * width)]);
    }
}
