namespace LatentSync.Pipeline;

/// <summary>What to do with a frame without a usable face.</summary>
public enum MissingFacePolicy
{
    /// <summary>Pass the frame on untouched and go on.</summary>
    Keep,

    /// <summary>Stop the job with an error that names the frame.</summary>
    Fail,
}
