using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.Cuda;

/// <summary>
/// A sequence of work that is enqueued many times: captured into a graph once and launched from then on. Where it cannot be captured it is
/// enqueued piece by piece, with the same results. Serves one thread at a time.
/// </summary>
/// <param name="stream">The stream it runs on.</param>
/// <param name="enqueue">Enqueues the sequence: the same work, shapes and addresses every time.</param>
/// <param name="warn">Told once why the sequence is not captured, in the driver's or the network's words; may be null.</param>
public sealed class CapturedSequence(CudaStream stream, Action enqueue, Action<string>? warn) : IDisposable
{
    private CudaGraph? _graph;
    private State _state = State.Fresh;

    private enum State
    {
        Fresh,
        Warm,
        Captured,
        Plain,
    }

    /// <summary>Whether it runs as a graph.</summary>
    public bool IsCaptured => _state == State.Captured;

    /// <summary>Pieces of work in the graph; 0 while there is none.</summary>
    public long NodeCount => _graph?.NodeCount ?? 0;

    /// <summary>
    /// Enqueues the sequence once. The first time it runs plainly, for networks and kernels set themselves up then; the second time it is captured.
    /// </summary>
    /// <exception cref="LatentSyncException">The work itself fails; that it cannot be captured is no failure.</exception>
    public void Run()
    {
        switch (_state)
        {
            case State.Fresh:
                enqueue();
                stream.Synchronize();
                _state = State.Warm;
                return;
            case State.Warm:
                _state = TryCapture() ? State.Captured : State.Plain;
                break;
        }

        if (_graph is null || !TryLaunch(_graph))
        {
            enqueue();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph?.Dispose();
        _graph = null;
        _state = State.Fresh;
    }

    // That the device has no memory for a graph does not hinder the work itself.
    private static bool IsAboutTheGraph(Exception exception) => exception is GraphCaptureException or DeviceOutOfMemoryException;

    private bool TryCapture()
    {
        try
        {
            stream.BeginCapture();
            try
            {
                enqueue();
                _graph = stream.EndCapture();
                return true;
            }
            catch
            {
                stream.AbortCapture();
                throw;
            }
        }
        catch (Exception exception) when (IsAboutTheGraph(exception))
        {
            Warn(exception);
            return false;
        }
    }

    // A graph takes memory when it is launched for the first time.
    private bool TryLaunch(CudaGraph graph)
    {
        try
        {
            stream.Launch(graph);
            return true;
        }
        catch (DeviceOutOfMemoryException exception)
        {
            graph.Dispose();
            (_graph, _state) = (null, State.Plain);
            Warn(exception);
            return false;
        }
    }

    private void Warn(Exception exception) => warn?.Invoke(exception.Message);
}
