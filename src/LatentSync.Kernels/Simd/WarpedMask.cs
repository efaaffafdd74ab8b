using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels.Simd;

/// <summary>
/// The mask of ones warped from the crop into the frame (bilinear, border 0) and eroded by 2 x 2. Bilinear sampling of a constant
/// with a zero border is the product of two clamped ramps, so no pixel is read.
/// </summary>
internal static class WarpedMask
{
    /// <summary>Writes the eroded mask over the plan's box, <c>[box height, box width]</c>, 0..1.</summary>
    public static void WriteEroded(SoftMaskPlan plan, Span<float> destination)
    {
        PixelBox box = plan.Box;
        int stride = box.Width;
        float[] scratch = ArrayPool<float>.Shared.Rent(3 * (stride + 1));
        try
        {
            Span<float> raw = scratch.AsSpan(0, stride + 1);
            Span<float> previous = scratch.AsSpan(stride + 1, stride);
            Span<float> current = scratch.AsSpan(2 * (stride + 1), stride);

            // Outside the frame counts as +infinity, outside the box but inside the frame the mask is zero.
            previous.Fill(box.Y == 0 ? float.PositiveInfinity : 0);
            for (int row = 0; row < box.Height; row++)
            {
                raw[0] = box.X == 0 ? float.PositiveInfinity : 0;
                WriteRow(plan, box.Y + row, raw[1..]);
                TensorPrimitives.Min(raw[1..], raw[..stride], current);
                TensorPrimitives.Min(previous, current, destination.Slice(row * stride, stride));
                Span<float> swap = previous;
                previous = current;
                current = swap;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    /// <summary>Sum of the eroded mask, rows added in order.</summary>
    public static double ErodedArea(SoftMaskPlan plan)
    {
        if (plan.Box.IsEmpty)
        {
            return 0;
        }

        float[] mask = ArrayPool<float>.Shared.Rent(plan.Box.Area);
        try
        {
            WriteEroded(plan, mask);
            return Sum(mask.AsSpan(0, plan.Box.Area));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(mask);
        }
    }

    /// <summary>Sum in double precision: the mask's area decides an integer, so it must not depend on how the rows are cut.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        Vector256<double> low = default, high = default;
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> l, Vector256<double> h) = Vector256.Widen(Vector256.Create(values.Slice(i, Vector256<float>.Count)));
            low += l;
            high += h;
        }

        double sum = Vector256.Sum(low + high);
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }

    private static void WriteRow(SoftMaskPlan plan, int y, Span<float> row)
    {
        AffineTransform map = plan.FrameToCrop;
        double u0 = Math.FusedMultiplyAdd(map.M01, y, map.M02), v0 = Math.FusedMultiplyAdd(map.M11, y, map.M12);
        int left = plan.Box.X;
        int i = 0;
        for (; i <= row.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<double> x = Vector256.Create((double)(left + i)) + Vector256.Create(0.0, 1, 2, 3);
            Vector256<double> first = Ramps(map, x, u0, v0, plan.CropWidth, plan.CropHeight);
            Vector256<double> second = Ramps(map, x + Vector256.Create(4.0), u0, v0, plan.CropWidth, plan.CropHeight);
            Vector256.Narrow(first, second).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            double u = Math.FusedMultiplyAdd(map.M00, left + i, u0), v = Math.FusedMultiplyAdd(map.M10, left + i, v0);
            row[i] = (float)(Ramp(u, plan.CropWidth) * Ramp(v, plan.CropHeight));
        }
    }

    private static Vector256<double> Ramps(in AffineTransform map, Vector256<double> x, double u0, double v0, int width, int height)
    {
        Vector256<double> u = Vector256.FusedMultiplyAdd(Vector256.Create(map.M00), x, Vector256.Create(u0));
        Vector256<double> v = Vector256.FusedMultiplyAdd(Vector256.Create(map.M10), x, Vector256.Create(v0));
        return Ramp(u, width) * Ramp(v, height);
    }

    /// <summary>Weight that the taps inside 0..size-1 have at a coordinate: rises over -1..0, falls over size-1..size.</summary>
    private static double Ramp(double at, int size) => Math.Min(Math.Max(Math.Min(at + 1, size - at), 0), 1);

    private static Vector256<double> Ramp(Vector256<double> at, int size)
    {
        Vector256<double> ramp = Vector256.Min(at + Vector256<double>.One, Vector256.Create((double)size) - at);
        return Vector256.Min(Vector256.Max(ramp, Vector256<double>.Zero), Vector256<double>.One);
    }
}
