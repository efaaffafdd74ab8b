namespace LatentSync.Runtime.Exceptions;

/// <summary>A library of CUDA or TensorRT was loaded, but lacks a function or has the wrong version.</summary>
/// <param name="message">One line that names the file and the fix.</param>
/// <param name="innerException">The cause, if another exception led here.</param>
public sealed class VendorLibraryUnusableException(string message, Exception? innerException = null)
    : LatentSyncException(LatentSyncError.Environment, message, innerException);
