namespace LatentSync.Pipeline;

/// <summary>Pearson's correlation coefficient.</summary>
internal static class PearsonCorrelation
{
    /// <summary>Correlates two equally long series; NaN if either is constant or shorter than two.</summary>
    public static double Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"series of {first.Count} and {second.Count} values", nameof(second));
        }

        if (first.Count < 2)
        {
            return double.NaN;
        }

        double meanFirst = first.Average(), meanSecond = second.Average();
        double product = 0, squaresFirst = 0, squaresSecond = 0;
        for (int i = 0; i < first.Count; i++)
        {
            double a = first[i] - meanFirst, b = second[i] - meanSecond;
            product += a * b;
            squaresFirst += a * a;
            squaresSecond += b * b;
        }

        return product / Math.Sqrt(squaresFirst * squaresSecond);
    }
}
