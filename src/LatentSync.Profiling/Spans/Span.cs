namespace LatentSync.Profiling.Spans;

/// <summary>A stretch of work on one thread.</summary>
/// <param name="Name">What was done: a stage, <c>run NETWORK</c>, <c>load NETWORK</c>, or <c>sync</c> for a whole job.</param>
/// <param name="Start">When it began, UTC.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Thread">The managed thread that ended it.</param>
/// <param name="Tags">What else is known of it.</param>
public sealed record Span(string Name, DateTime Start, TimeSpan Duration, int Thread, IReadOnlyDictionary<string, object?> Tags)
{
    /// <summary>When it ended, UTC.</summary>
    public DateTime End => Start + Duration;
}
