using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Faces found with the pack's networks and aligned with the smoothing that carries over from frame to frame.</summary>
/// <param name="follower">Looks at the frames.</param>
/// <param name="resolution">Side of the aligned face in pixels.</param>
internal sealed class TrackedFaceLocator(FaceFollower follower, int resolution) : IFaceLocator
{
    private readonly FaceTracker _tracker = new(resolution);

    public LocatedFace Locate(VideoFrame frame, CancellationToken cancellationToken)
    {
        TrackedFace face = Track(frame.Image, cancellationToken);
        return new LocatedFace(face.HasFace ? face.FrameToCrop : null, face.Absence.Describe());
    }

    /// <summary>The same with the reason as a value.</summary>
    public TrackedFace Track(RgbImage frame, CancellationToken cancellationToken) => _tracker.Next(follower.Observe(frame, cancellationToken));
}
