namespace LatentSync.Runtime.Exceptions;

/// <summary>The device or its context is gone: nothing on it can be used any more in this process, only released.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class DeviceLostException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
