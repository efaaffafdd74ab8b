namespace LatentSync.Runtime.Exceptions;

/// <summary>The driver's compiler refuses a kernel's PTX; the message has its log.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class KernelCompilationException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
