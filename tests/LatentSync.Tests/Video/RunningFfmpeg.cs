using System.Diagnostics;
using System.Text;

namespace LatentSync.Tests.Video;

/// <summary>ffmpeg processes (zombies included) whose arguments name a file; on Linux, where /proc tells.</summary>
internal static class RunningFfmpeg
{
    public static int[] On(string path) => OperatingSystem.IsLinux()
        ? [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, System.Globalization.CultureInfo.InvariantCulture)).Where(id => IsOn(id, path))]
        : [];

    public static void KillOn(string path)
    {
        int[] running = On(path);
        Assert.NotEmpty(running);
        foreach (int id in running)
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
    }

    private static bool IsOn(int id, string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline")) is { } line
                && line.Contains("ffmpeg", StringComparison.Ordinal) && line.Contains(path, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
