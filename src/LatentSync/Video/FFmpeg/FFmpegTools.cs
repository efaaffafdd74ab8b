using LatentSync.Runtime;

namespace LatentSync.Video.FFmpeg;

/// <summary>
/// Finds ffmpeg and ffprobe: in <c>LATENTSYNC_FFMPEG</c> (a folder) if set, else along <c>PATH</c>. Always an absolute path: both
/// FFMpegCore and .NET would otherwise run a program of that name from the current folder first.
/// </summary>
internal static class FFmpegTools
{
    public const string FFmpeg = "ffmpeg";
    public const string FFprobe = "ffprobe";

    /// <summary>The folder of the ffmpeg that <see cref="Find(string)"/> gives.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Environment"/>: it is not installed.</exception>
    public static string Folder => Path.GetDirectoryName(Find(FFmpeg))!;

    /// <summary>The absolute path of a tool.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Environment"/>: it is not installed.</exception>
    public static string Find(string tool)
    {
        string? folder = Environment.GetEnvironmentVariable("LATENTSYNC_FFMPEG");
        return Find(tool, string.IsNullOrEmpty(folder) ? Environment.GetEnvironmentVariable("PATH") : folder);
    }

    public static string Find(string tool, string? searchPath)
    {
        string name = OperatingSystem.IsWindows() ? tool + ".exe" : tool;
        foreach (string folder in (searchPath ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string candidate = Path.Combine(folder, name);
            if (Path.IsPathFullyQualified(candidate) && File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw NotFound(tool, null);
    }

    public static LatentSyncException NotFound(string tool, Exception? cause) => new(
        LatentSyncError.Environment,
        $"{tool} was not found or cannot be run: install it (Debian, Ubuntu: sudo apt-get install ffmpeg) or set LATENTSYNC_FFMPEG to its folder",
        cause);
}
