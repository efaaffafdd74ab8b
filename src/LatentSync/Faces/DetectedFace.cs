namespace LatentSync.Faces;

/// <summary>A face as the detector gives it.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Keypoints">Five points: left and right eye, nose, left and right corner of the mouth, as seen in the picture.</param>
public sealed record DetectedFace(FaceBox Box, IReadOnlyList<FacePoint> Keypoints);
