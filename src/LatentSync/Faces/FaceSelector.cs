namespace LatentSync.Faces;

/// <summary>The original's choice of one face a frame.</summary>
public static class FaceSelector
{
    // Limits of the original's FaceDetector, in pixels and width per height.
    private const int LeastWidth = 50;
    private const int LeastHeight = 80;
    private const double LargestRatio = 1.5;
    private const double LeastRatio = 0.2;
    private const float LeastScore = 0.5f;

    /// <summary>Picks the largest usable face; of equal ones the first.</summary>
    /// <param name="faces">Boxes in the detector's order.</param>
    /// <returns>The index of the face picked or, with the reason why it is passed over, of the largest one; -1 when there is none.</returns>
    public static (int Index, FaceAbsence Absence) Select(IReadOnlyList<FaceBox> faces)
    {
        (int usable, int passedOver) = (-1, -1);
        (double usableSize, double passedOverSize) = (0, double.NegativeInfinity);
        FaceAbsence absence = FaceAbsence.NotDetected;
        for (int i = 0; i < faces.Count; i++)
        {
            FaceAbsence verdict = Judge(faces[i], out double size);
            if (verdict == FaceAbsence.None)
            {
                if (size > usableSize)
                {
                    (usable, usableSize) = (i, size);
                }
            }
            else if (size > passedOverSize)
            {
                (passedOver, passedOverSize, absence) = (i, size, verdict);
            }
        }

        return usable >= 0 ? (usable, FaceAbsence.None) : (passedOver, absence);
    }

    // Coordinates lose their fractions before anything is compared; doubles hold such integers exactly.
    private static FaceAbsence Judge(in FaceBox box, out double size)
    {
        double width = Math.Truncate(box.Right) - Math.Truncate(box.Left);
        double height = Math.Truncate(box.Bottom) - Math.Truncate(box.Top);
        size = width * height;
        return width < LeastWidth || height < LeastHeight ? FaceAbsence.TooSmall
            : width / height is > LargestRatio or < LeastRatio ? FaceAbsence.OddProportions
            : box.Score < LeastScore ? FaceAbsence.LowConfidence
            : double.IsFinite(size) ? FaceAbsence.None
            : FaceAbsence.NotAlignable;
    }
}
