using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Faces of a tracker of the caller's.</summary>
/// <param name="transforms">Frame to crop by source frame; null, or past the end, for a frame without a face.</param>
internal sealed class GivenFaceLocator(IReadOnlyList<AffineTransform?> transforms) : IFaceLocator
{
    public LocatedFace Locate(VideoFrame frame, CancellationToken cancellationToken) => new(
        frame.SourceIndex < transforms.Count ? transforms[frame.SourceIndex] : null, "the given track has no face here");
}
