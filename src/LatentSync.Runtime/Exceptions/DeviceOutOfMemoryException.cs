namespace LatentSync.Runtime.Exceptions;

/// <summary>The device, or page-locked host memory, has no room for an allocation.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class DeviceOutOfMemoryException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
