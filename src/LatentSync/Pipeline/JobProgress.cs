using System.Diagnostics;

namespace LatentSync.Pipeline;

/// <summary>Turns what the stages have done into one share that never falls, and counts frames as the networks work through them.</summary>
internal sealed class JobProgress(IProgress<LipSyncProgress>? progress)
{
    // Shares of the job's work: speech is short, the networks are nearly all, the rest is put-back and encoding.
    private const double AudioShare = 0.03, NetworkShare = 0.92, OutputShare = 0.05;

    // The whole is reached when the output has its name, not before.
    private const double MostUnfinished = 0.999;

    // A pace taken from less than this many frames says nothing.
    private const double FramesForPace = 0.5;

    // Shares of a frame that add up to a whole one may fall short of it by their rounding.
    private const double Rounding = 1e-6;

    private readonly Lock _lock = new();
    private long _start = Stopwatch.GetTimestamp();
    private long _framesStart;
    private double _audio, _fraction, _synced;
    private long _written, _total, _emitted;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>The job's time counts from now.</summary>
    public void StartClock() => _start = Stopwatch.GetTimestamp();

    public void Audio(double fraction) => Update(LipSyncStage.Audio, () => _audio = fraction);

    public void Begin(long denoised, long emitted) => Update(
        LipSyncStage.Faces, () => (_total, _emitted, _framesStart) = (denoised, emitted, Stopwatch.GetTimestamp()));

    /// <summary>The networks have done some work: worth <paramref name="frames"/> whole frames.</summary>
    public void Worked(LipSyncStage stage, double frames) => Update(stage, () => _synced += frames);

    public void Written(int frames) => Update(LipSyncStage.VideoEncode, () => _written += frames);

    public void Finish()
    {
        lock (_lock)
        {
            (_synced, _fraction) = (_total, 1);
            Send(LipSyncStage.VideoEncode, null);
        }
    }

    public void Note(string message)
    {
        lock (_lock)
        {
            Send(LipSyncStage.VideoDecode, message);
        }
    }

    private void Update(LipSyncStage stage, Action change)
    {
        lock (_lock)
        {
            change();
            double network = _total > 0 ? _synced / _total : 0;
            double output = _emitted > 0 ? (double)_written / _emitted : 0;
            double fraction = (AudioShare * _audio) + (NetworkShare * network) + (OutputShare * output);
            _fraction = Math.Max(_fraction, Math.Min(fraction, MostUnfinished));
            Send(stage, null);
        }
    }

    private void Send(LipSyncStage stage, string? message)
    {
        double pace = _synced >= FramesForPace ? _synced / Math.Max(1e-3, Stopwatch.GetElapsedTime(_framesStart).TotalSeconds) : 0;
        progress?.Report(new LipSyncProgress(stage, Math.Min(_emitted, (long)(_synced + Rounding)), _emitted, _fraction, Elapsed, message)
        {
            FramesPerSecond = pace,
            Remaining = pace > 0 ? TimeSpan.FromSeconds(Math.Max(0, _total - _synced) / pace) : null,
        });
    }
}
