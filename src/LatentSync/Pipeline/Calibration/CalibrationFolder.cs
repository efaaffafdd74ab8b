using LatentSync.Runtime;

namespace LatentSync.Pipeline.Calibration;

/// <summary>Finds the clips of a folder: each video with the recording of the same name beside it, or else with its own sound.</summary>
public static class CalibrationFolder
{
    private static readonly string[] s_videos = [".mp4", ".mkv", ".mov", ".webm", ".avi", ".m4v"];
    private static readonly string[] s_recordings = [".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus"];

    /// <summary>The clips in the order of their names.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="LatentSyncException">It does not exist or holds no video.</exception>
    public static IReadOnlyList<CalibrationClip> Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{path}: no such folder; give a folder of videos, or calibration statistics (.json)");
        }

        string[] files = [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal)];
        CalibrationClip[] clips = [.. files.Where(file => Has(file, s_videos)).Select(video => new CalibrationClip(video, Recording(files, video) ?? video))];
        return clips.Length > 0
            ? clips
            : throw new LatentSyncException(LatentSyncError.Media, $"{path}: it holds no video ({string.Join(", ", s_videos)}); put NAME.mp4 there, with NAME.wav for its speech");
    }

    private static string? Recording(string[] files, string video) => Array.Find(
        files, file => Has(file, s_recordings) && Path.GetFileNameWithoutExtension(file) == Path.GetFileNameWithoutExtension(video));

    private static bool Has(string file, string[] extensions) => extensions.Contains(Path.GetExtension(file).ToLowerInvariant());
}
