using System.Runtime.InteropServices;
using System.Text;
using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.Native;

/// <summary>The one door through which a native status becomes an exception.</summary>
internal static unsafe partial class NativeError
{
    /// <exception cref="LatentSyncException">The status is not <see cref="NativeStatus.Ok"/>: the type that stands for it, with the native library's message.</exception>
    /// <exception cref="OperationCanceledException">A callback asked to stop.</exception>
    internal static void ThrowIfFailed(NativeStatus status)
    {
        if (status != NativeStatus.Ok)
        {
            throw Create(status, LastMessage(status));
        }
    }

    /// <summary>The exception that stands for a failed status; one that is not known is a defect.</summary>
    internal static Exception Create(NativeStatus status, string message) => status switch
    {
        NativeStatus.InvalidArgument => new NativeArgumentException(message),
        NativeStatus.OutOfMemory => new HostOutOfMemoryException(message),
        NativeStatus.LibraryMissing => new VendorLibraryMissingException(message),
        NativeStatus.LibraryUnusable => new VendorLibraryUnusableException(message),
        NativeStatus.Driver => new CudaDriverException(message),
        NativeStatus.Unsupported => new NativeUnsupportedException(message),
        NativeStatus.InvalidState => new NativeStateException(message),
        NativeStatus.DeviceOutOfMemory => new DeviceOutOfMemoryException(message),
        NativeStatus.KernelCompilation => new KernelCompilationException(message),
        NativeStatus.Launch => new KernelLaunchException(message),
        NativeStatus.Capture => new GraphCaptureException(message),
        NativeStatus.DeviceLost => new DeviceLostException(message),
        NativeStatus.Cancelled => new OperationCanceledException(message),
        NativeStatus.Build => new EngineBuildException(message),
        NativeStatus.Plan => new PlanRefusedException(message),
        NativeStatus.Execution => new EngineExecutionException(message),
        _ => new NativeDefectException(message),
    };

    // Read without NativeText, whose own failures come back to this class. A compiler's log may be longer than a person wants: its beginning is kept.
    private static string LastMessage(NativeStatus status)
    {
        byte[] bytes = new byte[8193];
        fixed (byte* buffer = bytes)
        {
            NativeStatus copied = GetLastError(buffer, bytes.Length, out _);
            int length = bytes.IndexOf((byte)0);
            return copied is NativeStatus.Ok or NativeStatus.BufferTooSmall && length > 0
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : $"the native library failed with status {status} ({(int)status})";
        }
    }

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_last_error")]
    private static partial NativeStatus GetLastError(byte* buffer, long capacity, out long length);
}
