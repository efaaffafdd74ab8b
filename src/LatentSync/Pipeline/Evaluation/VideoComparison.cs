namespace LatentSync.Pipeline.Evaluation;

/// <summary>How far a video is from a reference, frame by frame.</summary>
public sealed record VideoComparison
{
    /// <summary>Frames compared: those that both have.</summary>
    public required long FrameCount { get; init; }

    /// <summary>Width of the frames in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the frames in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>
    /// PSNR in dB over the 8-bit R, G and B of all frames together (from the mean squared error of all, as ffmpeg's average). Infinity where nothing differs.
    /// </summary>
    public required double Psnr { get; init; }

    /// <summary>The lowest PSNR in dB of one frame.</summary>
    public required double LowestPsnr { get; init; }

    /// <summary>The frame with the lowest PSNR, 0 for the first; -1 if no frame differs.</summary>
    public required long LowestFrame { get; init; }

    /// <summary>
    /// SSIM of luma, -1..1, 1 where nothing differs: Wang et al. 2004, Gaussian window of 11 x 11, mean over windows, then over frames.
    /// </summary>
    public required double Ssim { get; init; }

    /// <summary>The same for faces and mouths; null if no pack was given or no frame of the reference shows a face (<see cref="Notes"/> says which).</summary>
    public required FaceComparison? Face { get; init; }

    /// <summary>What a reader of the numbers should know: different lengths or rates, damaged frames, missing faces.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
