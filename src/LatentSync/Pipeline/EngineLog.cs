using LatentSync.Runtime.TensorRt;

namespace LatentSync.Pipeline;

/// <summary>
/// Where TensorRT's messages go: all of them to the host's log, warnings and errors also into the report of the job that runs, or of the next one. TensorRT
/// speaks on threads of its own.
/// </summary>
/// <param name="host">The host's log; may be null.</param>
internal sealed class EngineLog(Action<EngineLogLine>? host)
{
    /// <summary>Messages of one job that its report takes; a library that repeats itself with other numbers must not fill it.</summary>
    public const int MostPerJob = 20;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<string> _waiting = [];
    private Action<string>? _job;

    /// <summary>Takes a message; safe on any thread.</summary>
    public void Receive(EngineLogLine line)
    {
        host?.Invoke(line);
        if (line.Severity > EngineLogSeverity.Warning)
        {
            return;
        }

        string message = $"TensorRT: {line.Message.ReplaceLineEndings(" ").Trim()}";
        lock (_lock)
        {
            if (_told.Count > MostPerJob || !_told.Add(message))
            {
                return;
            }

            string said = _told.Count > MostPerJob ? "TensorRT warned of more than is shown here; the host's log has all of it" : message;
            if (_job is { } job)
            {
                job(said);
            }
            else
            {
                _waiting.Add(said);
            }
        }
    }

    /// <summary>Sends warnings to a job until the result is disposed; first those that waited for one.</summary>
    public IDisposable Follow(Action<string> warn)
    {
        lock (_lock)
        {
            _waiting.ForEach(warn);
            _waiting.Clear();
            _job = warn;
        }

        return new Following(this);
    }

    private sealed class Following(EngineLog log) : IDisposable
    {
        public void Dispose()
        {
            lock (log._lock)
            {
                log._job = null;
                log._told.Clear();
            }
        }
    }
}
