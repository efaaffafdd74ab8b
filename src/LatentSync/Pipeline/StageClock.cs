using System.Diagnostics;
using LatentSync.Runtime.Diagnostics;

namespace LatentSync.Pipeline;

/// <summary>
/// Adds up the busy time of each stage over its threads, and their idle time between its first work and its last; safe for several threads. Also says how well the processors were used between the first chunk and the last.
/// </summary>
internal sealed class StageClock
{
    private static readonly LipSyncStage[] s_stages = Enum.GetValues<LipSyncStage>();
    private static readonly string[] s_names = [.. s_stages.Select(stage => stage.ToString())];

    private readonly long[] _busy = new long[s_stages.Length];
    private readonly long[] _first = new long[s_stages.Length];
    private readonly long[] _firstEnd = new long[s_stages.Length];
    private readonly long[] _last = new long[s_stages.Length];
    private readonly int[] _threads = [.. s_stages.Select(_ => 1)];
    private readonly Lock _chunkLock = new();
    private int _chunks;
    private (long Wall, TimeSpan Cpu) _firstChunkEnd, _lastChunkStart;

    /// <summary>How long each stage worked.</summary>
    public IReadOnlyDictionary<LipSyncStage, TimeSpan> Times =>
        s_stages.ToDictionary(stage => stage, stage => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busy[(int)stage])));

    /// <summary>How long each stage waited for others between its first work and its last.</summary>
    public IReadOnlyDictionary<LipSyncStage, TimeSpan> IdleTimes => s_stages.ToDictionary(
        stage => stage,
        stage => Stopwatch.GetElapsedTime(0, Math.Max(0, (_threads[(int)stage] * (_last[(int)stage] - _first[(int)stage])) - Interlocked.Read(ref _busy[(int)stage]))));

    /// <summary>From the first work of the UNet until the first face was decoded; zero before.</summary>
    public TimeSpan FirstChunk
    {
        get
        {
            long start = _first[(int)LipSyncStage.Denoising], end = _firstEnd[(int)LipSyncStage.VaeDecode];
            return start != 0 && end != 0 ? Stopwatch.GetElapsedTime(start, end) : TimeSpan.Zero;
        }
    }

    /// <summary>From the end of the first chunk's denoising to the start of the last one's; null with fewer than three chunks. To be read when the job is done.</summary>
    public ProcessorUse? BetweenChunks => _chunks < 3
        ? null
        : new ProcessorUse(_lastChunkStart.Cpu - _firstChunkEnd.Cpu, Stopwatch.GetElapsedTime(_firstChunkEnd.Wall, _lastChunkStart.Wall));

    /// <summary>Counts from now until the result is disposed.</summary>
    public Running Time(LipSyncStage stage) => new(this, stage, Tracing.Source.StartActivity(s_names[(int)stage]));

    /// <summary>Says how many threads a stage has, if not one; before it starts.</summary>
    public void SetThreads(LipSyncStage stage, int threads) => _threads[(int)stage] = threads;

    /// <summary>A call of the denoiser begins.</summary>
    public void ChunkBegins()
    {
        lock (_chunkLock)
        {
            _lastChunkStart = Now();
        }
    }

    /// <summary>It has ended.</summary>
    public void ChunkEnds()
    {
        lock (_chunkLock)
        {
            if (_chunks++ == 0)
            {
                _firstChunkEnd = Now();
            }
        }
    }

    private static (long Wall, TimeSpan Cpu) Now() => (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    private void Add(LipSyncStage stage, long start)
    {
        long end = Stopwatch.GetTimestamp();
        Interlocked.Add(ref _busy[(int)stage], end - start);
        Interlocked.CompareExchange(ref _first[(int)stage], start, 0);
        Interlocked.CompareExchange(ref _firstEnd[(int)stage], end, 0);
        Interlocked.Exchange(ref _last[(int)stage], end);
    }

    /// <summary>Work of a stage; a span for those who listen.</summary>
    public readonly struct Running(StageClock clock, LipSyncStage stage, Activity? span) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            clock.Add(stage, _start);
            span?.Dispose();
        }
    }
}
