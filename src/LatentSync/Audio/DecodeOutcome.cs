using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>Judges a decode when it is over: failed, cut short, silent for want of samples, or good.</summary>
internal static class DecodeOutcome
{
    /// <summary>Sound may be this much shorter than the container says: encoders' padding and a damaged frame or two.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(0.5);
    private const double RelativeSlack = 0.02;

    /// <summary>Turns ffmpeg's failure into one line.</summary>
    /// <exception cref="LatentSyncException">The exit code is not zero, or an error while writing went without one.</exception>
    public static void ThrowIfFailed(string path, string spool, int exitCode, FfmpegDecodeLog log)
    {
        if (log.IsDiskFull)
        {
            throw new LatentSyncException(
                LatentSyncError.Output, $"{Path.GetDirectoryName(spool)}: the disk is full (decoded sound takes 32 kB a second); free space or choose another folder with --temp-dir");
        }

        if (log.HasNoAudio)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: has no audio stream; give an audio file, or a video with sound");
        }

        if (exitCode == 0)
        {
            return;
        }

        string reason = log.LastError is { } error
            ? error.Replace("file:" + Path.GetFullPath(path) + ": ", string.Empty, StringComparison.Ordinal)
            : $"ffmpeg was stopped before it finished (exit code {exitCode})";
        throw new LatentSyncException(LatentSyncError.Media, $"{path}: cannot be decoded: {reason}; check that the file plays, or save it again as WAV");
    }

    /// <summary>Refuses sound that is missing samples, or too short to hold one feature.</summary>
    /// <exception cref="LatentSyncException">The recording is cut short or too short.</exception>
    public static void ThrowIfIncomplete(string path, PcmRecording recording, FfmpegDecodeLog log, AudioDecodeOptions options)
    {
        if (log.EndsEarly || RiffLength.IsCutShort(path))
        {
            throw CutShort(path, "the file ends before its own last sample");
        }

        if (recording.SampleCount == 0)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: holds no sound in the part asked for; give a longer recording or another --start");
        }

        TimeSpan decoded = TimeSpan.FromSeconds((double)recording.SampleCount / AudioFormat.SampleRate);
        if (log is { HasVideo: false, IsDurationEstimated: false, StatedDuration: { } stated })
        {
            TimeSpan expected = stated - options.Start;
            expected = options.Duration < expected ? options.Duration.Value : expected;
            if (decoded < (expected * (1 - RelativeSlack)) - Slack)
            {
                throw CutShort(path, FormattableString.Invariant($"it says it lasts {expected.TotalSeconds:0.0} s but only {decoded.TotalSeconds:0.0} s could be decoded"));
            }
        }

        if (recording.SampleCount < AudioFormat.MinimumSamples)
        {
            throw new LatentSyncException(
                LatentSyncError.Media, FormattableString.Invariant($"{path}: lasts {decoded.TotalMilliseconds:0} ms; at least 20 ms of sound are needed"));
        }
    }

    private static LatentSyncException CutShort(string path, string reason) =>
        new(LatentSyncError.Media, $"{path}: is cut short: {reason}; copy or download it again, or save what is there as a new WAV file");
}
