namespace LatentSync.Runtime.Exceptions;

/// <summary>The native library failed in a way that only a defect of it explains; the message is worth a report.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class NativeDefectException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
