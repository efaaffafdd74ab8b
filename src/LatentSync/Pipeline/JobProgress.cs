using System.Diagnostics;

namespace LatentSync.Pipeline;

/// <summary>Turns what the stages have done into one share that never falls.</summary>
internal sealed class JobProgress(IProgress<LipSyncProgress>? progress)
{
    // Shares of the job's work: speech is short, denoising is nearly all, the rest is put-back and encoding.
    private const double AudioShare = 0.03, NetworkShare = 0.92, OutputShare = 0.05;

    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private double _audio, _fraction, _partial;
    private long _denoised, _written, _total, _emitted;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Audio(double fraction) => Update(LipSyncStage.Audio, () => _audio = fraction);

    public void Begin(long denoised, long emitted) => Update(LipSyncStage.Faces, () => (_audio, _total, _emitted) = (1, denoised, emitted));

    /// <summary>Part of a group is done: <paramref name="frames"/> may be fractional.</summary>
    public void Denoising(double frames) => Update(LipSyncStage.Denoising, () => _partial = frames);

    public void Denoised(int frames) => Update(LipSyncStage.Denoising, () => (_denoised, _partial) = (_denoised + frames, 0));

    public void Written(int frames) => Update(LipSyncStage.VideoEncode, () => _written += frames);

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
            double network = _total > 0 ? (_denoised + _partial) / _total : 0;
            double output = _emitted > 0 ? (double)_written / _emitted : 0;
            _fraction = Math.Clamp((AudioShare * _audio) + (NetworkShare * network) + (OutputShare * output), _fraction, 1);
            Send(stage, null);
        }
    }

    private void Send(LipSyncStage stage, string? message) =>
        progress?.Report(new LipSyncProgress(stage, _written, _emitted, _fraction, Elapsed, message));
}
