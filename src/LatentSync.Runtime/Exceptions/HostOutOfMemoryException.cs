namespace LatentSync.Runtime.Exceptions;

/// <summary>The native library found no host memory.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class HostOutOfMemoryException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
