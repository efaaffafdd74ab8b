namespace LatentSync.Models.Quantization.Calibration;

/// <summary>
/// How often magnitudes were seen, in bins of equal width up to a power of two that grows as larger ones come: two neighbouring bins then become one. What it
/// holds depends neither on the order of the numbers nor on how they were divided, so histograms of several runs add up exactly. Fixed size.
/// </summary>
internal sealed class MagnitudeHistogram
{
    /// <summary>Bins; the largest magnitude lies in the upper half of them.</summary>
    public const int BinCount = 1024;

    private readonly long[] _counts = new long[BinCount];

    /// <summary>Where the last bin ends, the least power of two beyond the largest magnitude; 0 while only zeros were seen.</summary>
    public double Range { get; private set; }

    /// <summary>The largest magnitude.</summary>
    public float Largest { get; private set; }

    /// <summary>Numbers seen.</summary>
    public long Count { get; private set; }

    /// <summary>Numbers in each bin.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Adds numbers.</summary>
    /// <param name="values">Finite numbers.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            float magnitude = MathF.Abs(value);
            Include(magnitude);
            _counts[Range > 0 ? (int)(magnitude / Range * BinCount) : 0]++;
        }

        Count += values.Length;
    }

    /// <summary>Makes room for a magnitude that is known without being counted.</summary>
    /// <param name="magnitude">A finite magnitude.</param>
    public void Include(float magnitude)
    {
        if (magnitude <= Largest)
        {
            return;
        }

        Largest = magnitude;
        if (magnitude >= Range)
        {
            Widen(Math.ScaleB(1, MathF.ILogB(magnitude) + 1));
        }
    }

    /// <summary>Adds another's numbers.</summary>
    public void Add(MagnitudeHistogram other)
    {
        Include(other.Largest);
        for (int i = 0; i < BinCount; i++)
        {
            // A bin of the narrower histogram lies within one of the wider.
            _counts[Range > 0 ? (int)(i * other.Range / Range) : 0] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The magnitude that a share of the numbers does not exceed: the end of the bin in which it is reached.</summary>
    /// <param name="percent">The share, 0 to 100.</param>
    public float Percentile(double percent)
    {
        double wanted = Count * percent / 100;
        long seen = 0;
        for (int i = 0; i < BinCount; i++)
        {
            seen += _counts[i];
            if (seen > 0 && seen >= wanted)
            {
                return (float)Math.Min(Largest, Range * (i + 1) / BinCount);
            }
        }

        return Largest;
    }

    /// <summary>A histogram out of a file, whose numbers fit together.</summary>
    public static MagnitudeHistogram Restore(float largest, ReadOnlySpan<long> counts)
    {
        MagnitudeHistogram histogram = new();
        histogram.Include(largest);
        counts.CopyTo(histogram._counts);
        foreach (long count in counts)
        {
            histogram.Count += count;
        }

        return histogram;
    }

    private void Widen(double range)
    {
        if (Range > 0)
        {
            int ratio = (int)Math.Min(BinCount, range / Range);
            for (int i = 0; i < BinCount; i++)
            {
                long count = _counts[i];
                _counts[i] = 0;
                _counts[i / ratio] += count;
            }
        }

        Range = range;
    }
}
