using LatentSync.Profiling.Spans;

namespace LatentSync.Tests.Profiling;

public sealed class SpanCoverageTests
{
    private static readonly DateTime s_start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(new double[] { }, 0)]
    [InlineData(new double[] { 0, 10 }, 1)]
    [InlineData(new double[] { 2, 4, 3, 6 }, 0.4)]
    [InlineData(new double[] { 2, 8, 3, 4 }, 0.6)]
    [InlineData(new double[] { -5, 1, 9, 20 }, 0.2)]
    [InlineData(new double[] { 12, 14 }, 0)]
    public void Of_Spans_CountsEachMomentOnce(double[] bounds, double expected)
    {
        IEnumerable<Span> parts = bounds.Chunk(2).Select(pair => At(pair[0], pair[1]));
        Assert.Equal(expected, SpanCoverage.Of(At(0, 10), parts.Reverse()), 12);
    }

    private static Span At(double from, double to) => new("x", s_start.AddSeconds(from), TimeSpan.FromSeconds(to - from), 1, new Dictionary<string, object?>());
}
