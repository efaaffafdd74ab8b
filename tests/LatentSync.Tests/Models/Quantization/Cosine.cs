namespace LatentSync.Tests.Models.Quantization;

/// <summary>The cosine of the angle between two results.</summary>
internal static class Cosine
{
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Assert.Equal(a.Length, b.Length);
        double dot = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            squaresA += (double)a[i] * a[i];
            squaresB += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(squaresA * squaresB);
    }
}
