namespace LatentSync.Runtime.Exceptions;

/// <summary>The loaded flavour of the native library, or the device, cannot do this; the message says which of them.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class NativeUnsupportedException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
