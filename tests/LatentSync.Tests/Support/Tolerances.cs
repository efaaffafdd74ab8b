using LatentSync.Runtime;

namespace LatentSync.Tests.Support;

/// <summary>Comparisons whose tolerance is stated where they are called.</summary>
public static class Tolerances
{
    /// <summary>Fails unless the largest absolute error is within a share of the reference's standard deviation.</summary>
    public static void AssertWithinStandardDeviations(Tensor expected, Tensor actual, double share, string what)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        ReadOnlySpan<float> e = expected.Span, a = actual.Span;
        double sum = 0, squares = 0, worst = 0;
        for (int i = 0; i < e.Length; i++)
        {
            sum += e[i];
            squares += (double)e[i] * e[i];
            double error = Math.Abs((double)e[i] - a[i]);
            worst = error > worst || double.IsNaN(error) ? error : worst;
        }

        double mean = sum / e.Length;
        double deviation = Math.Sqrt(Math.Max(0, (squares / e.Length) - (mean * mean)));
        Assert.True(worst <= share * deviation, $"{what}: max abs error {worst:g4} is {worst / deviation:g4} of the reference's deviation {deviation:g4}, allowed {share:g4}");
    }
}
