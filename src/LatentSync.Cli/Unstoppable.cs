using LatentSync.Cli.Native;

namespace LatentSync.Cli;

/// <summary>
/// Work that cannot be stopped on the way, such as ONNX Runtime making ready a large network: a user who cancels must not wait for it.
/// It is left to run until the process has told the user and ends.
/// </summary>
internal static class Unstoppable
{
    private static volatile bool s_left;

    /// <summary>Waits for such work, or until it is cancelled.</summary>
    public static async Task<T> WaitAsync<T>(Task<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            s_left |= !work.IsCompleted;
            throw;
        }
    }

    /// <summary>
    /// Ends the process if such work still runs: on Unix an ordinary end would run the destructors of native libraries under its feet, and crash.
    /// Windows stops all threads first.
    /// </summary>
    public static void EndProcess(int exitCode)
    {
        if (s_left && !OperatingSystem.IsWindows())
        {
            ProcessExit.Now(exitCode);
        }
    }
}
