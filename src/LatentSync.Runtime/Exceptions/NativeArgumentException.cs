namespace LatentSync.Runtime.Exceptions;

/// <summary>The native library refuses an argument: a null, an index out of range, extents that a profile does not allow.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class NativeArgumentException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Usage, message, innerException);
