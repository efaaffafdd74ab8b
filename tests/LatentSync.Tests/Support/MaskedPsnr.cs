using LatentSync.Kernels;

namespace LatentSync.Tests.Support;

/// <summary>Peak signal-to-noise ratio over the pixels that the compositor may change.</summary>
public static class MaskedPsnr
{
    /// <summary>dB over the pixels whose soft mask is above 0; infinity if they are equal.</summary>
    public static double Measure(RgbImage expected, RgbImage actual, SoftMask mask)
    {
        PixelBox box = mask.Plan.Box;
        ReadOnlySpan<float> soft = mask.Soft;
        long squares = 0, count = 0;
        for (int y = 0; y < box.Height; y++)
        {
            for (int x = 0; x < box.Width; x++)
            {
                if (soft[(y * box.Width) + x] <= 0)
                {
                    continue;
                }

                int pixel = (((box.Y + y) * expected.Width) + box.X + x) * 3;
                for (int c = 0; c < 3; c++)
                {
                    int difference = expected.Span[pixel + c] - actual.Span[pixel + c];
                    squares += difference * difference;
                    count++;
                }
            }
        }

        return squares == 0 ? double.PositiveInfinity : 10 * Math.Log10(255.0 * 255.0 * count / squares);
    }
}
