namespace LatentSync.Runtime;

/// <summary>An error a user can act on: one sentence that names the file and the fix. What a program may want to tell apart has a type of its own.</summary>
public class LatentSyncException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="error">The kind of error.</param>
    /// <param name="message">One line that names the file and the fix.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public LatentSyncException(LatentSyncError error, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
    }

    /// <summary>The kind of error.</summary>
    public LatentSyncError Error { get; }
}
