namespace LatentSync.Faces;

/// <summary>What a frame shows, looked at on its own: the face that the original would pick, or why there is none.</summary>
public sealed record FaceObservation
{
    private FaceObservation(FaceAbsence absence, FaceBox box, IReadOnlyList<FacePoint> landmarks)
    {
        Absence = absence;
        Box = box;
        Landmarks = landmarks;
    }

    /// <summary>Whether there is a usable face.</summary>
    public bool HasFace => Absence == FaceAbsence.None;

    /// <summary>Why there is no usable face; <see cref="FaceAbsence.None"/> when there is one.</summary>
    public FaceAbsence Absence { get; }

    /// <summary>The face's box; of a face passed over the largest one's, all zero when nothing was detected.</summary>
    public FaceBox Box { get; }

    /// <summary>106 points of the face in pixels of the frame, not rounded; empty without a usable face.</summary>
    public IReadOnlyList<FacePoint> Landmarks { get; }

    /// <summary>A frame with a usable face.</summary>
    /// <param name="box">Its box.</param>
    /// <param name="landmarks">Its 106 points.</param>
    public static FaceObservation Of(FaceBox box, IReadOnlyList<FacePoint> landmarks) => new(FaceAbsence.None, box, landmarks);

    /// <summary>A frame without a usable face.</summary>
    /// <param name="absence">Why.</param>
    /// <param name="box">The largest face that was passed over, if any.</param>
    /// <exception cref="ArgumentException">The reason is <see cref="FaceAbsence.None"/>.</exception>
    public static FaceObservation Missing(FaceAbsence absence, FaceBox box = default) => absence != FaceAbsence.None
        ? new FaceObservation(absence, box, [])
        : throw new ArgumentException("a missing face needs a reason", nameof(absence));
}
