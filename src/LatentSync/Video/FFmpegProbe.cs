using System.Diagnostics;
using LatentSync.Runtime;
using LatentSync.Runtime.Diagnostics;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Video;

/// <summary>Looks for the ffmpeg tools that read and write media.</summary>
public static class FFmpegProbe
{
    /// <summary>ffmpeg and ffprobe: where they are and their version. Does not throw for what is missing.</summary>
    public static IReadOnlyList<ProbeResult> Tools() => [Tool(FFmpegTools.FFmpeg), Tool(FFmpegTools.FFprobe)];

    private static ProbeResult Tool(string name)
    {
        try
        {
            string path = FFmpegTools.Find(name);
            using Process process = Process.Start(new ProcessStartInfo(path, ["-version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string firstLine = process.StandardOutput.ReadLine() ?? "it says nothing of its version";
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ProbeResult(name, process.ExitCode == 0, $"{firstLine} ({path})", process.ExitCode == 0 ? string.Empty : "install ffmpeg again");
        }
        catch (Exception exception) when (exception is LatentSyncException or System.ComponentModel.Win32Exception or IOException)
        {
            return new ProbeResult(name, false, exception.Message.ReplaceLineEndings(" "), "install ffmpeg: 'sudo apt-get install ffmpeg', or put it on the PATH");
        }
    }
}
