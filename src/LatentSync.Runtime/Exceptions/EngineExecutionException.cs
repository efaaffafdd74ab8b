namespace LatentSync.Runtime.Exceptions;

/// <summary>An engine failed while running or refitting; the message has TensorRT's first error.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class EngineExecutionException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Model, message, innerException);
