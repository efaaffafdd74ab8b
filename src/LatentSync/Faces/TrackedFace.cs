using LatentSync.Kernels;

namespace LatentSync.Faces;

/// <summary>One frame of a track: where its face is aligned to, or why it has none.</summary>
/// <param name="Absence">Why there is no usable face; <see cref="FaceAbsence.None"/> when there is one.</param>
/// <param name="Box">The face's box; of a face passed over the largest one's.</param>
/// <param name="FrameToCrop">Frame to crop coordinates; meaningless without a face.</param>
public readonly record struct TrackedFace(FaceAbsence Absence, FaceBox Box, AffineTransform FrameToCrop)
{
    /// <summary>Whether the frame has a usable face.</summary>
    public bool HasFace => Absence == FaceAbsence.None;
}
