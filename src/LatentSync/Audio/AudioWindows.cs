namespace LatentSync.Audio;

/// <summary>Which feature rows belong to which video frame, and how many frames a recording has.</summary>
public static class AudioWindows
{
    /// <summary>The feature row under a video frame: <c>int(frame * 50 / fps)</c>.</summary>
    /// <param name="frame">Frame index from 0.</param>
    /// <param name="fps">Video frames a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame is negative or the rate is not a positive number.</exception>
    public static long CentreRow(long frame, double fps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ThrowIfNotARate(fps);
        return (long)((double)frame * AudioFormat.RowsPerSecond / fps);
    }

    /// <summary>
    /// Frames that the original denoises for a recording. It adds windows until one's row lies past the recording, that one included:
    /// 1 + the first i with <c>int(i * (50/fps)) &gt; rows</c>, which at 25 fps is <c>floor(rows/2) + 2</c>.
    /// </summary>
    /// <param name="rows">Feature rows of the recording, 50 a second.</param>
    /// <param name="fps">Video frames a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">Rows are negative or the rate is not a positive number.</exception>
    public static long FrameCount(long rows, double fps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ThrowIfNotARate(fps);

        // Multiplied by the rounded quotient, as the original does here (and only here): the last bit can decide at odd rates.
        double rowsPerFrame = AudioFormat.RowsPerSecond / fps;
        long frame = Math.Max(0, (long)((rows + 1) / rowsPerFrame) - 2);
        while ((long)(frame * rowsPerFrame) <= rows)
        {
            frame++;
        }

        return frame + 1;
    }

    /// <summary>Frames that a recording lasts: <c>ceil(samples / sampleRate * fps)</c>, safe from rounding at whole frames.</summary>
    /// <param name="samples">Decoded samples.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="fps">Video frames a second.</param>
    public static long FramesOfSpeech(long samples, int sampleRate, double fps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ThrowIfNotARate(fps);
        double frames = samples * fps / sampleRate;
        double nearest = Math.Round(frames);

        // One sample is at least 1e-5 of a frame at any real rate; rounding errors stay far below that.
        return (long)(Math.Abs(frames - nearest) <= 1e-9 * Math.Max(1, frames) ? nearest : Math.Ceiling(frames));
    }

    private static void ThrowIfNotARate(double fps)
    {
        if (!(fps > 0) || !double.IsFinite(fps))
        {
            throw new ArgumentOutOfRangeException(nameof(fps), fps, "a frame rate is a positive number");
        }
    }
}
