using System.Globalization;

namespace LatentSync.Benchmarks;

/// <summary>The demo pack's clip and speech over and over, to any length.</summary>
internal static class LongMedia
{
    private static readonly string s_media = Path.Combine(BenchmarkPaths.Demo, "media");

    /// <summary>The presenter in 1080p.</summary>
    public static void WriteVideo(string path, int seconds) => ChildProcess.Run(
        "ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", Path.Combine(s_media, "presenter.mp4"), "-t", Text(seconds),
        "-vf", "scale=1440:1080,pad=1920:1080:240:0", "-an", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", path);

    /// <summary>The speech.</summary>
    public static void WriteSpeech(string path, int seconds) =>
        ChildProcess.Run("ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", Path.Combine(s_media, "speech.wav"), "-t", Text(seconds), path);

    private static string Text(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
