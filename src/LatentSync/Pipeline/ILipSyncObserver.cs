using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Pipeline;

/// <summary>Sees a job's intermediate results, on the pipeline's own threads and in frame order per method; must return quickly and not throw.</summary>
public interface ILipSyncObserver
{
    /// <summary>A frame's final latents, before decoding.</summary>
    /// <param name="frameIndex">0-based output frame; may lie past the last emitted frame.</param>
    /// <param name="latents"><c>[C,R/8,R/8]</c>, scaled; valid during the call.</param>
    void OnLatents(long frameIndex, Tensor latents);

    /// <summary>A frame as it is handed to the encoder.</summary>
    /// <param name="frameIndex">0-based output frame.</param>
    /// <param name="sourceIndex">0-based frame of the input video that it shows.</param>
    /// <param name="frame">The pixels; valid during the call.</param>
    /// <param name="transform">Frame to crop, or null if the frame has no usable face and is as decoded.</param>
    void OnFrame(long frameIndex, long sourceIndex, RgbImage frame, AffineTransform? transform);
}
