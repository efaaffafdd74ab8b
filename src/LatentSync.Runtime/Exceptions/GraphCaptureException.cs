namespace LatentSync.Runtime.Exceptions;

/// <summary>A sequence cannot be captured into a graph. The stream is usable and runs the same work uncaptured.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class GraphCaptureException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
