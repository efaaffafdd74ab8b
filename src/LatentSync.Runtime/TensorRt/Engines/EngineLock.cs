namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// The right to write one file of the cache, among all processes. The system holds it on an open file, so that it ends with the process, however that
/// ends; the file itself stays, for deleting it would let two processes hold it at once.
/// </summary>
internal sealed class EngineLock : IDisposable
{
    // No system tells when such a lock comes free in a way that can be cancelled; builds take minutes, so this costs nothing.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private EngineLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, waiting for who has it.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="onWait">Called once if there is something to wait for; may be null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="LatentSyncException">The lock file cannot be made.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    internal static async Task<EngineLock> TakeAsync(string path, Action? onWait, CancellationToken cancellationToken)
    {
        for (bool told = false; ; told = true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (!told)
            {
                onWait?.Invoke();
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the lock if it is free; null if it is not.</summary>
    /// <exception cref="LatentSyncException">The lock file cannot be made.</exception>
    internal static EngineLock? TryTake(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new EngineLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException exception) when (IsHeldByAnother(exception))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{path}: cannot be locked ({exception.Message}); choose a folder you may write to with --engines", exception);
        }
    }

    // ERROR_SHARING_VIOLATION on Windows; elsewhere what flock says, EWOULDBLOCK: 11 on Linux, 35 on macOS. Other errors do not end by waiting.
    private static bool IsHeldByAnother(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
