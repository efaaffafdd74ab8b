namespace LatentSync.Pipeline;

/// <summary>How many frames a recording calls for.</summary>
/// <param name="Denoised">Frames that the original denoises: the chunks are laid over these.</param>
/// <param name="Emitted">Frames in the output; the rest is dropped before put-back.</param>
internal readonly record struct FrameCounts(long Denoised, long Emitted)
{
    /// <summary>
    /// The original stops when a window's centre passes the recording's end, which denoises one or two frames more than the speech lasts;
    /// the output holds <c>ceil(duration * frameRate)</c>.
    /// </summary>
    public static FrameCounts For(long windowCount, double durationInSeconds, double frameRate)
    {
        // A duration that is a whole number of frames must not gain one by rounding.
        long emitted = Math.Max(1, (long)Math.Ceiling((durationInSeconds * frameRate) - 1e-6));
        return new FrameCounts(Math.Max(windowCount, emitted), emitted);
    }
}
