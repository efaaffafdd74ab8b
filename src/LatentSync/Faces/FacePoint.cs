namespace LatentSync.Faces;

/// <summary>A point of a frame, pixel centres on integers.</summary>
/// <param name="X">x in pixels from the left.</param>
/// <param name="Y">y in pixels from the top.</param>
public readonly record struct FacePoint(float X, float Y);
