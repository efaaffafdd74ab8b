using LatentSync.Runtime;
using LatentSync.Video;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Cli.Output;

/// <summary>Standard output for a video.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>Whether an output's name means standard output.</summary>
    public static bool IsMeantBy(string path) => path == VideoStreamWriter.Name;

    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Usage"/>: it is a terminal, or carries JSON.</exception>
    public static Stream Open(bool json)
    {
        if (json)
        {
            throw new LatentSyncException(LatentSyncError.Usage, "--json writes to standard output, where --out - puts the video: leave one of them out");
        }

        if (!Console.IsOutputRedirected)
        {
            throw new LatentSyncException(LatentSyncError.Usage, "--out - writes a video to standard output, which is a terminal: pipe it into a player or a file");
        }

        // The console's own stream takes a reader that has gone for success.
        return OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    }
}
