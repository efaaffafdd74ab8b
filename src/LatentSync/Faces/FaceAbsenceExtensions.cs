namespace LatentSync.Faces;

/// <summary>Words for <see cref="FaceAbsence"/>.</summary>
public static class FaceAbsenceExtensions
{
    /// <summary>A few words for a report, such as <c>no face</c>.</summary>
    /// <param name="absence">The reason.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public static string Describe(this FaceAbsence absence) => absence switch
    {
        FaceAbsence.None => "face found",
        FaceAbsence.NotDetected => "no face",
        FaceAbsence.TooSmall => "face too small",
        FaceAbsence.OddProportions => "face cut off or out of proportion",
        FaceAbsence.LowConfidence => "face uncertain",
        FaceAbsence.NotAlignable => "face cannot be aligned",
        _ => throw new ArgumentOutOfRangeException(nameof(absence), absence, null),
    };
}
