using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>
/// Asks a loaded native library, of any flavour, which TensorRT this machine has. Done by hand, not by imports: those are resolved once, to the flavour
/// that is chosen by the answer.
/// </summary>
internal static unsafe class TensorRtMajor
{
    private static readonly int[] s_known = [11, 10];

    /// <summary>
    /// The major versions that can be used, the newest first. Each is looked for when it is asked for: TensorRT's libraries, once opened, stay in the process.
    /// </summary>
    /// <param name="library">The native library.</param>
    /// <param name="directory">The only folder to look in; null for the usual places.</param>
    internal static IEnumerable<int> Find(nint library, string? directory) =>
        NativeLibrary.TryGetExport(library, "lsrt_tensorrt_create", out nint create) && NativeLibrary.TryGetExport(library, "lsrt_tensorrt_destroy", out nint destroy)
            ? s_known.Where(major => IsThere(create, destroy, directory, major))
            : [];

    private static bool IsThere(nint create, nint destroy, string? directory, int major)
    {
        fixed (byte* path = NativeText.ToBytes(directory))
        {
            TensorRtOptionsStruct options = new() { StructSize = sizeof(TensorRtOptionsStruct), Directory = path, Major = major };
            nint tensorRt;
            if (((delegate* unmanaged<TensorRtOptionsStruct*, nint*, NativeStatus>)create)(&options, &tensorRt) != NativeStatus.Ok)
            {
                return false;
            }

            ((delegate* unmanaged<nint, NativeStatus>)destroy)(tensorRt);
            return true;
        }
    }
}
