using LatentSync.Runtime;

namespace LatentSync.Tests.Support;

/// <summary>Comparisons whose tolerance is stated where they are called.</summary>
public static class Tolerances
{
    /// <summary>Fails unless the largest absolute error is within a share of the reference's standard deviation.</summary>
    public static void AssertWithinStandardDeviations(Tensor expected, Tensor actual, double share, string what)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        (double worst, double deviation) = Measure(expected.Span, actual.Span);
        Assert.True(worst <= share * deviation, $"{what}: max abs error {worst:g4} is {worst / deviation:g4} of the reference's deviation {deviation:g4}, allowed {share:g4}");
    }

    /// <summary>The largest absolute error as a share of the reference's standard deviation; NaN where a value is NaN.</summary>
    public static double WorstInStandardDeviations(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        (double worst, double deviation) = Measure(expected.Span, actual.Span);
        return worst / deviation;
    }

    private static (double Worst, double Deviation) Measure(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double sum = 0, squares = 0, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            sum += expected[i];
            squares += (double)expected[i] * expected[i];
            double error = Math.Abs((double)expected[i] - actual[i]);
            worst = error > worst || double.IsNaN(error) ? error : worst;
        }

        double mean = sum / expected.Length;
        return (worst, Math.Sqrt(Math.Max(0, (squares / expected.Length) - (mean * mean))));
    }
}
