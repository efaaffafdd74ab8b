using System.Runtime.ExceptionServices;

namespace LatentSync.Pipeline;

/// <summary>
/// Stages that run at the same time and fall together: the first failure is kept and cancels the others, so that none waits for a queue that
/// nobody fills or empties any more.
/// </summary>
internal sealed class StageGroup : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _outer;
    private readonly List<Task> _stages = [];
    private ExceptionDispatchInfo? _firstFailure;

    public StageGroup(CancellationToken cancellationToken)
    {
        _outer = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Signalled when the caller cancels or a stage fails.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Starts a stage, which works or waits on one thread to its end: a thread of its own, since the pool has few and others need them.</summary>
    public void Start(Action<CancellationToken> stage) => _stages.Add(Task.Factory.StartNew(
        () => Guard(stage), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default));

    /// <summary>Waits for all stages to end, then rethrows the first failure, whatever the caller did after it.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled before any stage failed.</exception>
    public async Task WhenAllAsync()
    {
        await Task.WhenAll(_stages).ConfigureAwait(false);
        _firstFailure?.Throw();
        _outer.ThrowIfCancellationRequested();
    }

    public void Dispose() => _stop.Dispose();

    private void Guard(Action<CancellationToken> stage)
    {
        try
        {
            stage(Token);
        }
        catch (Exception exception)
        {
            Keep(exception);
            _stop.Cancel();
        }
    }

    // A stage that was merely told to stop, by the caller or by another's failure, is not the cause; whoever came first is.
    private void Keep(Exception exception)
    {
        if (!_outer.IsCancellationRequested)
        {
            Interlocked.CompareExchange(ref _firstFailure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }
}
