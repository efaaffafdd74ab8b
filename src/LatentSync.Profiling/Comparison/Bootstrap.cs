namespace LatentSync.Profiling.Comparison;

/// <summary>Confidence intervals by resampling (Efron 1979): what the ratio of two medians might have been with other runs of the same programs.</summary>
internal static class Bootstrap
{
    // The interval's ends are quantiles of this many ratios: their own error is a fraction of the interval.
    private const int Resamplings = 2000;

    // The same profiles give the same answer every time.
    private const int Seed = 1247;

    /// <summary>The ratio of two medians and its interval.</summary>
    /// <param name="after">Values of the numerator, at least one, above zero.</param>
    /// <param name="before">Values of the denominator, at least one, above zero.</param>
    /// <param name="confidence">Probability that the interval holds the ratio, 0..1.</param>
    public static (double Ratio, double Low, double High) RatioOfMedians(IReadOnlyList<double> after, IReadOnlyList<double> before, double confidence)
    {
        Random random = new(Seed);
        double[] ratios = new double[Resamplings], a = new double[after.Count], b = new double[before.Count];
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] = Median(Draw(after, a, random)) / Median(Draw(before, b, random));
        }

        Array.Sort(ratios);
        double tail = (1 - confidence) / 2;
        return (Median([.. after]) / Median([.. before]), ratios[(int)(tail * (Resamplings - 1))], ratios[(int)Math.Ceiling((1 - tail) * (Resamplings - 1))]);
    }

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <param name="values">At least one; they are sorted in place.</param>
    public static double Median(Span<double> values)
    {
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static double[] Draw(IReadOnlyList<double> values, double[] destination, Random random)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = values[random.Next(values.Count)];
        }

        return destination;
    }
}
