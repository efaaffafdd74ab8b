using System.Numerics;
using LatentSync.Kernels;

namespace LatentSync.Pipeline.Evaluation;

/// <summary>Squared differences of 8-bit samples, summed exactly in whole numbers: rows, boxes and frames can be added up in any order.</summary>
/// <param name="Sum">The sum.</param>
/// <param name="Count">Samples compared.</param>
internal readonly record struct SquaredError(long Sum, long Count)
{
    private const double Peak = 255;

    /// <summary>Peak signal-to-noise ratio in dB; infinity where nothing differs, NaN where nothing was compared.</summary>
    public double Psnr => Count == 0 ? double.NaN : Sum == 0 ? double.PositiveInfinity : 10 * Math.Log10(Peak * Peak * Count / Sum);

    public static SquaredError operator +(SquaredError a, SquaredError b) => new(a.Sum + b.Sum, a.Count + b.Count);

    /// <summary>All samples of two pictures of one size.</summary>
    public static SquaredError Of(RgbImage a, RgbImage b) => Of(a, b, new PixelBox(0, 0, a.Width, a.Height));

    /// <summary>The samples of a box that lies within two pictures of one size.</summary>
    public static SquaredError Of(RgbImage a, RgbImage b, PixelBox box)
    {
        long sum = 0;
        for (int y = box.Y; y < box.Y + box.Height; y++)
        {
            int start = ((y * a.Width) + box.X) * 3;
            sum += Of(a.Span.Slice(start, box.Width * 3), b.Span.Slice(start, box.Width * 3));
        }

        return new SquaredError(sum, 3L * box.Area);
    }

    /// <summary>The samples of the pixels that a put-back may change: those whose soft mask is above 0.</summary>
    public static SquaredError Of(RgbImage a, RgbImage b, SoftMask mask)
    {
        PixelBox box = mask.Plan.Box;
        ReadOnlySpan<float> soft = mask.Soft;
        ReadOnlySpan<byte> first = a.Span, second = b.Span;
        long sum = 0, count = 0;
        for (int y = 0; y < box.Height; y++)
        {
            int start = ((((box.Y + y) * a.Width) + box.X) * 3) - (y * box.Width * 3);
            for (int i = y * box.Width; i < (y + 1) * box.Width; i++)
            {
                if (soft[i] > 0)
                {
                    int sample = start + (i * 3);
                    int red = first[sample] - second[sample], green = first[sample + 1] - second[sample + 1], blue = first[sample + 2] - second[sample + 2];
                    sum += (red * red) + (green * green) + (blue * blue);
                    count += 3;
                }
            }
        }

        return new SquaredError(sum, count);
    }

    private static long Of(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        // Each 32-bit lane takes four squares of at most 65,025 a step: this many steps cannot overflow it.
        const int MostSteps = 16_000;
        long total = 0;
        int i = 0;
        while (a.Length - i >= Vector<byte>.Count)
        {
            Vector<uint> lanes = Vector<uint>.Zero;
            for (int step = 0; step < MostSteps && a.Length - i >= Vector<byte>.Count; step++, i += Vector<byte>.Count)
            {
                Vector<byte> x = new(a[i..]), y = new(b[i..]);

                // A difference fits 8 bits without its sign, and its square 16.
                Vector.Widen(Vector.Max(x, y) - Vector.Min(x, y), out Vector<ushort> low, out Vector<ushort> high);
                Vector.Widen(low * low, out Vector<uint> first, out Vector<uint> second);
                Vector.Widen(high * high, out Vector<uint> third, out Vector<uint> fourth);
                lanes += first + second + third + fourth;
            }

            for (int lane = 0; lane < Vector<uint>.Count; lane++)
            {
                total += lanes[lane];
            }
        }

        for (; i < a.Length; i++)
        {
            int difference = a[i] - b[i];
            total += difference * difference;
        }

        return total;
    }
}
