namespace LatentSync.Runtime.Exceptions;

/// <summary>TensorRT's parser or builder refuses a network; the message has its first error.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class EngineBuildException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Model, message, innerException);
