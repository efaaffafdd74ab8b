using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>
/// Asks a loaded native library, of any flavour, which TensorRT this machine has. Done by hand, not by imports: those are resolved once, to the flavour
/// that is chosen by the answer.
/// </summary>
internal static unsafe class TensorRtMajor
{
    /// <summary>10, 11, or 0 where there is none that can be used.</summary>
    internal static int Find(nint library, string? directory)
    {
        if (!NativeLibrary.TryGetExport(library, "lsrt_tensorrt_create", out nint create)
            || !NativeLibrary.TryGetExport(library, "lsrt_tensorrt_info_get", out nint getInfo)
            || !NativeLibrary.TryGetExport(library, "lsrt_tensorrt_destroy", out nint destroy))
        {
            return 0;
        }

        fixed (byte* path = string.IsNullOrEmpty(directory) ? null : NativeText.ToBytes(directory))
        {
            TensorRtOptionsStruct options = new() { StructSize = sizeof(TensorRtOptionsStruct), Directory = path };
            nint tensorRt;
            if (((delegate* unmanaged<TensorRtOptionsStruct*, nint*, NativeStatus>)create)(&options, &tensorRt) != NativeStatus.Ok)
            {
                return 0;
            }

            TensorRtInfoStruct info = new() { StructSize = sizeof(TensorRtInfoStruct) };
            NativeStatus asked = ((delegate* unmanaged<nint, TensorRtInfoStruct*, NativeStatus>)getInfo)(tensorRt, &info);
            ((delegate* unmanaged<nint, NativeStatus>)destroy)(tensorRt);
            return asked == NativeStatus.Ok ? info.Major : 0;
        }
    }
}
