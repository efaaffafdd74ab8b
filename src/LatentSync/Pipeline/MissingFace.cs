namespace LatentSync.Pipeline;

/// <summary>An output frame that was passed through because it has no usable face.</summary>
/// <param name="FrameIndex">0-based output frame.</param>
/// <param name="SourceIndex">0-based frame of the input video, at the job's rate.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record MissingFace(long FrameIndex, long SourceIndex, string Reason);
