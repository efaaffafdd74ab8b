using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LatentSync.Tests.Video;

/// <summary>A file system of a few kilobytes, to be filled; skips the test where mounting is not allowed.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static SmallDisk Mount(string folder, int bytes)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "mounts a tmpfs");
        Directory.CreateDirectory(folder);
        string size = "size=" + bytes.ToString(CultureInfo.InvariantCulture);
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder), "mounting a tmpfs needs root");
        return new SmallDisk(folder);
    }

    public void Dispose() => Run("umount", "-l", Folder);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
