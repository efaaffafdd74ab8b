using LatentSync.Kernels;

namespace LatentSync.Pipeline;

/// <summary>A frame on its way through the job.</summary>
/// <param name="Index">0-based output frame.</param>
/// <param name="SourceIndex">0-based frame of the input video at the job's rate.</param>
/// <param name="Image">The decoded pixels; the compositor writes the new mouth into them.</param>
/// <param name="Transform">Frame to crop; null if there is no usable face.</param>
/// <param name="Face">The aligned face, R x R; null if there is none.</param>
internal sealed record JobFrame(long Index, long SourceIndex, RgbImage Image, AffineTransform? Transform, RgbImage? Face)
{
    /// <summary>Whether the frame takes part in denoising.</summary>
    public bool HasFace => Face is not null;
}
