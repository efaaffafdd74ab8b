using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>A frame on its way through the job. Whoever holds it last disposes it, which gives its pixels back to the decoder's pool.</summary>
/// <param name="Frame">The decoded frame; the compositor writes the new mouth into its pixels.</param>
/// <param name="Transform">Frame to crop; null if there is no usable face.</param>
/// <param name="Face">The aligned face, R x R; null if there is none, or if it is cut later.</param>
internal sealed record JobFrame(VideoFrame Frame, AffineTransform? Transform, RgbImage? Face) : IDisposable
{
    /// <summary>0-based output frame.</summary>
    public long Index => Frame.Index;

    /// <summary>0-based frame of the input video at the job's rate.</summary>
    public long SourceIndex => Frame.SourceIndex;

    /// <summary>Whether the frame takes part in denoising.</summary>
    public bool HasFace => Transform is not null;

    public void Dispose() => Frame.Dispose();
}
