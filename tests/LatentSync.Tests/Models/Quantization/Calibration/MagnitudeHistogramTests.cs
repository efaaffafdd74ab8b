using LatentSync.Models.Quantization.Calibration;

namespace LatentSync.Tests.Models.Quantization.Calibration;

public sealed class MagnitudeHistogramTests
{
    private static readonly float[] s_values = [.. Enumerable.Range(0, 20_000).Select(i => MathF.Sin(i * 1.7f) * MathF.Exp((i % 31) - 20f))];

    [Fact]
    public void Add_AnyOrderAndDivision_GivesTheSame()
    {
        MagnitudeHistogram whole = Of(s_values), reversed = Of([.. s_values.Reverse()]), merged = Of(s_values[15_000..]);
        merged.Add(Of(s_values[..5]));
        merged.Add(Of(s_values[5..15_000]));

        Assert.All(new[] { reversed, merged }, other =>
        {
            Assert.Equal((whole.Largest, whole.Range, whole.Count), (other.Largest, other.Range, other.Count));
            Assert.Equal(whole.Counts.ToArray(), other.Counts.ToArray());
        });
    }

    [Theory]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(99.9)]
    [InlineData(100)]
    public void Percentile_AnyShare_IsThatOfTheSortedNumbersWithinABin(double percent)
    {
        MagnitudeHistogram histogram = Of(s_values);
        float[] sorted = [.. s_values.Select(MathF.Abs).Order()];
        float exact = sorted[(int)Math.Ceiling(sorted.Length * percent / 100) - 1];

        Assert.InRange(histogram.Percentile(percent), exact, exact + (float)(histogram.Range / MagnitudeHistogram.BinCount));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-45f)]
    [InlineData(1f)]
    [InlineData(65504f)]
    [InlineData(float.MaxValue)]
    public void Add_ExtremeMagnitudes_AreCounted(float magnitude)
    {
        MagnitudeHistogram histogram = Of([0, -magnitude, magnitude]);

        Assert.Equal((3, magnitude), (histogram.Count, histogram.Largest));
        Assert.Equal(magnitude, histogram.Percentile(100));
        Assert.Equal(magnitude, MagnitudeHistogram.Restore(magnitude, histogram.Counts).Percentile(100));
    }

    private static MagnitudeHistogram Of(float[] values)
    {
        MagnitudeHistogram histogram = new();
        histogram.Add(values);
        return histogram;
    }
}
