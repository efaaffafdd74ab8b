namespace LatentSync.Runtime.Exceptions;

/// <summary>A native call does not fit what came before it: an allocation while capturing, an end without a begin, a run without its shapes.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class NativeStateException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
