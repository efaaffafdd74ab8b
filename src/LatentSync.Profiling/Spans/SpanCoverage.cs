namespace LatentSync.Profiling.Spans;

/// <summary>How much of some time spans account for.</summary>
public static class SpanCoverage
{
    /// <summary>The share of a stretch during which at least one of the spans was open, 0..1.</summary>
    /// <param name="whole">The stretch.</param>
    /// <param name="parts">Spans, in any order, overlapping or not.</param>
    public static double Of(Span whole, IEnumerable<Span> parts)
    {
        ArgumentNullException.ThrowIfNull(whole);
        TimeSpan covered = TimeSpan.Zero;
        DateTime reached = whole.Start;
        foreach (Span part in parts.OrderBy(part => part.Start))
        {
            DateTime start = part.Start > reached ? part.Start : reached, end = part.End < whole.End ? part.End : whole.End;
            if (end > start)
            {
                covered += end - start;
                reached = end;
            }
        }

        return whole.Duration > TimeSpan.Zero ? covered / whole.Duration : 1;
    }
}
