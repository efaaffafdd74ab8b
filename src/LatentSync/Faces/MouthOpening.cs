namespace LatentSync.Faces;

/// <summary>How far a mouth is open, in a measure that does not depend on the face's size.</summary>
public static class MouthOpening
{
    private const int UpperLip = 66, LowerLip = 70;
    private static readonly int[] s_leftBrow = [43, 48, 49, 51, 50];
    private static readonly int[] s_rightBrow = [101, 102, 103, 104, 105];

    /// <summary>The distance between the inner lips' middles (points 66 and 70) divided by that between the brows' centres.</summary>
    /// <param name="landmarks">106 points in pixels.</param>
    /// <exception cref="ArgumentException">There are not 106 points.</exception>
    public static double Measure(IReadOnlyList<FacePoint> landmarks)
    {
        if (landmarks.Count != FaceLandmarker.PointCount)
        {
            throw new ArgumentException($"{landmarks.Count} landmarks, {FaceLandmarker.PointCount} needed", nameof(landmarks));
        }

        (double X, double Y) left = Centre(landmarks, s_leftBrow), right = Centre(landmarks, s_rightBrow);
        FacePoint upper = landmarks[UpperLip], lower = landmarks[LowerLip];
        return double.Hypot(lower.X - upper.X, lower.Y - upper.Y) / double.Hypot(right.X - left.X, right.Y - left.Y);
    }

    private static (double X, double Y) Centre(IReadOnlyList<FacePoint> landmarks, int[] indices) =>
        (indices.Average(i => landmarks[i].X), indices.Average(i => landmarks[i].Y));
}
