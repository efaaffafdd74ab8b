namespace LatentSync.Runtime.Exceptions;

/// <summary>The CUDA driver reports an error; the message has its name and number.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class CudaDriverException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
