using System.Runtime.InteropServices;
using System.Text;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>The one door through which a native status becomes an exception.</summary>
internal static unsafe partial class NativeError
{
    /// <exception cref="LatentSyncException">The status is not <see cref="NativeStatus.Ok"/>; the message is the native library's.</exception>
    internal static void ThrowIfFailed(NativeStatus status)
    {
        if (status != NativeStatus.Ok)
        {
            throw new LatentSyncException(KindOf(status), LastMessage(status));
        }
    }

    internal static LatentSyncError KindOf(NativeStatus status) =>
        status is NativeStatus.InvalidArgument or NativeStatus.BufferTooSmall ? LatentSyncError.Usage : LatentSyncError.Environment;

    // Read without NativeText, whose own failures come back to this class.
    private static string LastMessage(NativeStatus status)
    {
        byte[] bytes = new byte[8193];
        fixed (byte* buffer = bytes)
        {
            return GetLastError(buffer, bytes.Length, out long length) == NativeStatus.Ok && length > 0
                ? Encoding.UTF8.GetString(bytes, 0, (int)length)
                : $"the native library failed with status {status} ({(int)status})";
        }
    }

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_last_error")]
    private static partial NativeStatus GetLastError(byte* buffer, long capacity, out long length);
}
