namespace LatentSync.Runtime.Exceptions;

/// <summary>A kernel or a captured graph could not be launched.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class KernelLaunchException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
