using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels.Simd;

/// <summary>Warps a face back into the frame and mixes it in by the soft mask; pixels whose soft mask is 0 are not written.</summary>
internal static class FaceBlend
{
    /// <summary>Blends into the frame in place: <c>soft*mask*face + (1-soft)*frame</c>, truncated to bytes.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="mask">Its soft mask.</param>
    /// <param name="crop">The face at the crop's size, <c>[h,w,4]</c> (RGB and a lane that is ignored), about -1..1.</param>
    public static void Blend(RgbImage frame, SoftMask mask, ReadOnlySpan<float> crop)
    {
        PixelBox box = mask.Plan.Box;
        AffineTransform map = mask.Plan.FrameToCrop;
        for (int row = 0; row < box.Height; row++)
        {
            ReadOnlySpan<float> soft = mask.Soft.Slice(row * box.Width, box.Width);
            int first = soft.IndexOfAnyExcept(0f);
            if (first >= 0)
            {
                int end = soft.LastIndexOfAnyExcept(0f) + 1;
                int y = box.Y + row;
                BlendRow(
                    frame.Span.Slice(((y * frame.Width) + box.X + first) * 3, (end - first) * 3),
                    soft[first..end],
                    mask.Mask.Slice((row * box.Width) + first, end - first),
                    new Line(box.X + first, map.M00, Math.FusedMultiplyAdd(map.M01, y, map.M02), map.M10, Math.FusedMultiplyAdd(map.M11, y, map.M12)),
                    new Crop(crop, mask.Plan.CropWidth, mask.Plan.CropHeight));
            }
        }
    }

    private static void BlendRow(Span<byte> pixels, ReadOnlySpan<float> soft, ReadOnlySpan<float> mask, in Line line, Crop crop)
    {
        Vector128<float> half = Vector128.Create(0.5f), scale = Vector128.Create(255f);
        ref byte target = ref MemoryMarshal.GetReference(pixels);
        for (int i = 0; i < soft.Length; i++)
        {
            float weight = soft[i];
            if (weight == 0)
            {
                continue;
            }

            int x = line.X + i;
            Vector128<float> face = crop.Sample(Math.FusedMultiplyAdd(line.U1, x, line.U0), Math.FusedMultiplyAdd(line.V1, x, line.V0));
            face = Vector128.Min(Vector128.Max((face * half) + half, Vector128<float>.Zero), Vector128<float>.One) * scale;
            Vector128<float> s = Vector128.Create(weight);
            ref byte pixel = ref Unsafe.Add(ref target, i * 3);
            Vector128<float> value = (s * (Vector128.Create(mask[i]) * face)) + ((Vector128<float>.One - s) * RgbPixel.Load(ref pixel));

            // The blur's weights sum to 1 only to within rounding.
            RgbPixel.Store(Vector128.Min(value, scale), ref pixel);
        }
    }

    /// <summary>Crop coordinates along a row of the frame: <c>u = U1*x + U0, v = V1*x + V0</c>, from column X on.</summary>
    private readonly record struct Line(int X, double U1, double U0, double V1, double V0);

    /// <summary>The face at the crop's size.</summary>
    private readonly ref struct Crop(ReadOnlySpan<float> pixels, int width, int height)
    {
        private readonly ReadOnlySpan<float> _pixels = pixels;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<float> Sample(double u, double v)
        {
            double left = Math.Floor(u), top = Math.Floor(v);
            Vector128<float> fu = Vector128.Create((float)(u - left)), fv = Vector128.Create((float)(v - top));
            if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1)
            {
                ref float a = ref Unsafe.Add(ref MemoryMarshal.GetReference(_pixels), ((((int)top) * width) + (int)left) * 4);
                ref float c = ref Unsafe.Add(ref a, width * 4);
                return RgbPixel.Mix(
                    RgbPixel.Mix(Vector128.LoadUnsafe(ref a), Vector128.LoadUnsafe(ref a, 4), fu),
                    RgbPixel.Mix(Vector128.LoadUnsafe(ref c), Vector128.LoadUnsafe(ref c, 4), fu),
                    fv);
            }

            return RgbPixel.Mix(
                RgbPixel.Mix(Tap(left, top), Tap(left + 1, top), fu),
                RgbPixel.Mix(Tap(left, top + 1), Tap(left + 1, top + 1), fu),
                fv);
        }

        private Vector128<float> Tap(double u, double v) =>
            u >= 0 && v >= 0 && u < width && v < height
                ? Vector128.Create(_pixels.Slice((((int)v * width) + (int)u) * 4, 4))
                : Vector128.Create(FaceWarp.Border);
    }
}
