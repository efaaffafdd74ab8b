using System.Collections.Concurrent;
using System.Diagnostics;
using LatentSync.Runtime.Diagnostics;

namespace LatentSync.Profiling.Spans;

/// <summary>
/// Keeps the product's spans (<see cref="Tracing"/>) of the work that is begun after its making, in the same flow of calls, until its disposal: what others in the process
/// do at the same time is not among them. Safe for several threads.
/// </summary>
public sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ActivityListener _listener;
    private readonly Activity _root;

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
        _root = Tracing.Source.StartActivity("recording")!;
    }

    /// <summary>The spans that have ended, in the order of their ends.</summary>
    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _listener.Dispose();
    }

    private void Keep(Activity activity)
    {
        if (activity.TraceId == _root.TraceId && activity != _root)
        {
            _spans.Enqueue(new Span(
                activity.DisplayName, activity.StartTimeUtc, activity.Duration, Environment.CurrentManagedThreadId, activity.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value)));
        }
    }
}
