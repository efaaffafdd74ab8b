using System.Diagnostics;

namespace LatentSync.Pipeline;

/// <summary>Adds up the busy time of each stage; safe for several threads.</summary>
internal sealed class StageClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<LipSyncStage>().Length];

    public IReadOnlyDictionary<LipSyncStage, TimeSpan> Times =>
        Enum.GetValues<LipSyncStage>().ToDictionary(stage => stage, stage => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks[(int)stage])));

    /// <summary>Counts from now until the result is disposed.</summary>
    public Running Time(LipSyncStage stage) => new(this, stage);

    public readonly struct Running(StageClock clock, LipSyncStage stage) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose() => Interlocked.Add(ref clock._ticks[(int)stage], Stopwatch.GetTimestamp() - _start);
    }
}
