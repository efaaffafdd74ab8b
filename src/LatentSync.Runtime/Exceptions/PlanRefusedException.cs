namespace LatentSync.Runtime.Exceptions;

/// <summary>A plan, an engine file or a timing cache is truncated, damaged, or of another TensorRT version or device. Building it again helps.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class PlanRefusedException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Model, message, innerException);
