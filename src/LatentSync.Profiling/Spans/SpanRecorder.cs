using System.Collections.Concurrent;
using System.Diagnostics;
using LatentSync.Runtime.Diagnostics;

namespace LatentSync.Profiling.Spans;

/// <summary>Keeps the product's spans (<see cref="Tracing"/>) from its making to its disposal, of the whole process. Safe for several threads.</summary>
public sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ActivityListener _listener;

    /// <summary>Starts listening.</summary>
    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans that have ended, in the order of their ends.</summary>
    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Keep(Activity activity) => _spans.Enqueue(new Span(
        activity.DisplayName, activity.StartTimeUtc, activity.Duration, Environment.CurrentManagedThreadId, activity.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value)));
}
