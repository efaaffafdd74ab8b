using System.Diagnostics;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

/// <summary>Makes inputs for tests.</summary>
internal static class Ffmpeg
{
    public static async Task RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]);
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A folder with a program named ffmpeg that answers <c>-version</c> and otherwise runs these shell lines; <c>$out</c> is the output file.</summary>
    public static string Stub(TemporaryFolder folder, string lines)
    {
        string bin = Directory.CreateDirectory(folder.File("bin")).FullName;
        string program = Path.Combine(bin, "ffmpeg");
        File.WriteAllText(program, $"#!/bin/sh\nif [ \"$1\" = -version ]; then exit 0; fi\nfor out; do :; done\nout=\"${{out#file:}}\"\n{lines}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return bin;
    }
}
