using LatentSync.Kernels;

namespace LatentSync.Pipeline.Evaluation;

/// <summary>
/// Temporal flicker: the mean over samples of |(v[t] - v[t-1]) - (r[t] - r[t-1])|, in 8-bit levels: how much a video changes from frame to frame
/// otherwise than its reference does. An error that stays the same, such as another shade, counts nothing; one that comes and goes counts in full.
/// </summary>
/// <param name="Sum">The sum of the absolute values.</param>
/// <param name="Count">Samples.</param>
internal readonly record struct Flicker(long Sum, long Count)
{
    /// <summary>Levels of 255; NaN where no two consecutive frames were compared.</summary>
    public double Mean => Count == 0 ? double.NaN : (double)Sum / Count;

    public static Flicker operator +(Flicker a, Flicker b) => new(a.Sum + b.Sum, a.Count + b.Count);

    /// <summary>The change from one pair of frames to the next within a box.</summary>
    public static Flicker Of(RgbImage previous, RgbImage previousReference, RgbImage current, RgbImage currentReference, PixelBox box)
    {
        long sum = 0;
        for (int y = box.Y; y < box.Y + box.Height; y++)
        {
            int start = ((y * current.Width) + box.X) * 3, length = box.Width * 3;
            ReadOnlySpan<byte> before = previous.Span.Slice(start, length), beforeReference = previousReference.Span.Slice(start, length);
            ReadOnlySpan<byte> after = current.Span.Slice(start, length), afterReference = currentReference.Span.Slice(start, length);
            for (int i = 0; i < length; i++)
            {
                sum += Math.Abs(after[i] - before[i] - (afterReference[i] - beforeReference[i]));
            }
        }

        return new Flicker(sum, 3L * box.Area);
    }
}
