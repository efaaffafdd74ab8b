namespace LatentSync.Pipeline;

/// <summary>A group of frames with their new faces.</summary>
/// <param name="Frames">The frames in output order.</param>
/// <param name="Faces"><c>[F,3,R,R]</c>, about -1..1, the kept region already the original's; null for a frame that is passed through.</param>
internal sealed record SyncedGroup(IReadOnlyList<JobFrame> Frames, FaceBuffer? Faces);
