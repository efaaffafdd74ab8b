namespace LatentSync.Faces;

/// <summary>The three points that a face is aligned by, in whole pixels of the frame.</summary>
/// <param name="LeftBrow">Centre of the brow on the picture's left.</param>
/// <param name="RightBrow">Centre of the brow on the picture's right.</param>
/// <param name="Nose">Centre of the nose.</param>
public readonly record struct AlignmentPoints(FacePoint LeftBrow, FacePoint RightBrow, FacePoint Nose)
{
    // Indices into the 106 points, from the original's image processor.
    internal static readonly int[] LeftBrowIndices = [43, 48, 49, 51, 50];
    internal static readonly int[] RightBrowIndices = [101, 102, 103, 104, 105];
    internal static readonly int[] NoseIndices = [74, 77, 83, 86];

    /// <summary>The points of a face: landmarks are rounded to whole pixels, averaged and rounded again, halves to even each time.</summary>
    /// <param name="landmarks">106 points.</param>
    /// <exception cref="ArgumentException">There are not 106 points.</exception>
    public static AlignmentPoints FromLandmarks(IReadOnlyList<FacePoint> landmarks) => landmarks.Count == FaceLandmarker.PointCount
        ? new AlignmentPoints(Mean(landmarks, LeftBrowIndices), Mean(landmarks, RightBrowIndices), Mean(landmarks, NoseIndices))
        : throw new ArgumentException($"{landmarks.Count} landmarks, {FaceLandmarker.PointCount} needed", nameof(landmarks));

    private static FacePoint Mean(IReadOnlyList<FacePoint> landmarks, int[] indices)
    {
        double x = 0, y = 0;
        foreach (int index in indices)
        {
            x += MathF.Round(landmarks[index].X);
            y += MathF.Round(landmarks[index].Y);
        }

        return new FacePoint((float)Math.Round(x / indices.Length), (float)Math.Round(y / indices.Length));
    }
}
