namespace LatentSync.Runtime.Exceptions;

/// <summary>A library of CUDA or TensorRT could not be loaded; the message lists the files tried.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class VendorLibraryMissingException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
