using System.Runtime.InteropServices;
using LatentSync.Runtime.TensorRt.Native;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_buffer</c>.</summary>
internal sealed partial class BufferHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>For the marshaller, which fills it in.</summary>
    public BufferHandle()
        : base(ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Destroy(handle) == NativeStatus.Ok;

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_buffer_destroy")]
    private static partial NativeStatus Destroy(nint buffer);
}
