namespace LatentSync.Faces;

/// <summary>Why a frame has no usable face.</summary>
public enum FaceAbsence
{
    /// <summary>The frame has a usable face.</summary>
    None,

    /// <summary>The detector found nothing.</summary>
    NotDetected,

    /// <summary>The largest face is narrower than 50 or lower than 80 pixels.</summary>
    TooSmall,

    /// <summary>The largest face's width is more than 1.5 or less than 0.2 of its height: it is cut off or no face.</summary>
    OddProportions,

    /// <summary>The detector is not sure enough of the largest face.</summary>
    LowConfidence,

    /// <summary>The landmarks of the chosen face allow no alignment: they coincide or are not finite.</summary>
    NotAlignable,
}
