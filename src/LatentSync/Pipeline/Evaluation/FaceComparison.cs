namespace LatentSync.Pipeline.Evaluation;

/// <summary>How the faces of two videos differ, over the frames in which the reference has one.</summary>
public sealed record FaceComparison
{
    /// <summary>Frames in which a usable face was found in the reference: only these count.</summary>
    public required long FrameCount { get; init; }

    /// <summary>
    /// PSNR in dB over the pixels that a job may change: those whose soft mask, computed from the reference's own face, is above 0. Infinity where nothing differs.
    /// </summary>
    public required double Psnr { get; init; }

    /// <summary>The lowest PSNR in dB of one frame's face.</summary>
    public required double LowestPsnr { get; init; }

    /// <summary>The frame with the lowest PSNR, 0 for the first; -1 if no frame differs.</summary>
    public required long LowestFrame { get; init; }

    /// <summary>
    /// PSNR in dB of the mouth: the box around the reference's 20 mouth landmarks, wider on every side by a quarter of the distance between the brows.
    /// Infinity where nothing differs.
    /// </summary>
    public required double MouthPsnr { get; init; }

    /// <summary>
    /// Temporal flicker of the mouth in 8-bit levels: the mean over the samples of its box of |(v[t] - v[t-1]) - (r[t] - r[t-1])|, over pairs of consecutive
    /// frames in both of which the reference has a face. 0 where every change is the reference's own; NaN without such a pair.
    /// </summary>
    public required double MouthFlicker { get; init; }
}
