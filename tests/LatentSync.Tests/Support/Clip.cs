using System.Diagnostics;
using LatentSync.Kernels;

namespace LatentSync.Tests.Support;

/// <summary>Frames of a video, decoded by ffmpeg at the file's own rate, one at a time in the same memory.</summary>
internal static class Clip
{
    public static IEnumerable<RgbImage> Frames(string path)
    {
        int[] size = [.. Run("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", path], reader =>
            reader.ReadToEnd().Trim().Split(',').Select(int.Parse).ToArray())];
        RgbImage frame = new(size[0], size[1]);
        using Process process = Start("ffmpeg", ["-v", "error", "-i", path, "-map", "0:v:0", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
        Stream stream = process.StandardOutput.BaseStream;
        while (stream.ReadAtLeast(frame.Span, frame.Span.Length, throwOnEndOfStream: false) == frame.Span.Length)
        {
            yield return frame;
        }

        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static T Run<T>(string program, string[] arguments, Func<StreamReader, T> read)
    {
        using Process process = Start(program, arguments);
        T result = read(process.StandardOutput);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return result;
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
