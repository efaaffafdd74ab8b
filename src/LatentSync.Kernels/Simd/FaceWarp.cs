using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels.Simd;

/// <summary>Affine warp of a frame into a crop: true bilinear weights in float32, pixel centres on integers, border 127, truncated to bytes.</summary>
internal static class FaceWarp
{
    /// <summary>Value of a tap outside the source: the original's fill colour.</summary>
    public const float Border = 127;

    /// <summary>Warps a range of the crop's rows.</summary>
    public static void Warp(RgbImage frame, AffineTransform cropToFrame, RgbImage crop, int firstRow, int endRow)
    {
        ref byte source = ref MemoryMarshal.GetReference(frame.Span);
        (int width, int height) = (frame.Width, frame.Height);
        for (int v = firstRow; v < endRow; v++)
        {
            ref byte target = ref MemoryMarshal.GetReference(crop.Span.Slice(v * crop.Width * 3, crop.Width * 3));
            double x0 = Math.FusedMultiplyAdd(cropToFrame.M01, v, cropToFrame.M02), y0 = Math.FusedMultiplyAdd(cropToFrame.M11, v, cropToFrame.M12);
            for (int u = 0; u < crop.Width; u++)
            {
                double x = Math.FusedMultiplyAdd(cropToFrame.M00, u, x0), y = Math.FusedMultiplyAdd(cropToFrame.M10, u, y0);
                double left = Math.Floor(x), top = Math.Floor(y);
                Vector128<float> fx = Vector128.Create((float)(x - left)), fy = Vector128.Create((float)(y - top));
                Vector128<float> value;

                // One column and row less than there are: four-byte loads stay inside the picture.
                if (left >= 0 && top >= 0 && left < width - 2 && top < height - 1)
                {
                    ref byte a = ref Unsafe.Add(ref source, (nint)((((long)top * width) + (long)left) * 3));
                    ref byte c = ref Unsafe.Add(ref a, (nint)width * 3);
                    Vector128<float> upper = RgbPixel.Mix(RgbPixel.LoadFour(ref a), RgbPixel.LoadFour(ref Unsafe.Add(ref a, 3)), fx);
                    Vector128<float> lower = RgbPixel.Mix(RgbPixel.LoadFour(ref c), RgbPixel.LoadFour(ref Unsafe.Add(ref c, 3)), fx);
                    value = RgbPixel.Mix(upper, lower, fy);
                }
                else
                {
                    value = AtBorder(frame, left, top, fx, fy);
                }

                RgbPixel.Store(value, ref Unsafe.Add(ref target, u * 3));
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> AtBorder(RgbImage frame, double left, double top, Vector128<float> fx, Vector128<float> fy) =>
        RgbPixel.Mix(
            RgbPixel.Mix(Tap(frame, left, top), Tap(frame, left + 1, top), fx),
            RgbPixel.Mix(Tap(frame, left, top + 1), Tap(frame, left + 1, top + 1), fx),
            fy);

    private static Vector128<float> Tap(RgbImage frame, double x, double y) =>
        x >= 0 && y >= 0 && x < frame.Width && y < frame.Height
            ? RgbPixel.Load(ref frame.Span[(((int)y * frame.Width) + (int)x) * 3])
            : Vector128.Create(Border);
}
