using System.Runtime.InteropServices;
using LatentSync.Runtime.TensorRt.Native;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_stream</c>.</summary>
internal sealed partial class StreamHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>For the marshaller, which fills it in.</summary>
    public StreamHandle()
        : base(ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Destroy(handle) == NativeStatus.Ok;

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_destroy")]
    private static partial NativeStatus Destroy(nint stream);
}
