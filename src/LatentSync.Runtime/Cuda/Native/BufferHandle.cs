using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_buffer</c>; keeps the stream alive in whose order it is freed.</summary>
internal sealed partial class BufferHandle : DependentHandle
{
    internal static BufferHandle Create(StreamHandle stream, long size) => Create((out BufferHandle buffer) => Create(stream, size, out buffer), stream);

    internal ulong Address
    {
        get
        {
            NativeError.ThrowIfFailed(GetAddress(this, out ulong address));
            return address;
        }
    }

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_buffer_create")]
    private static partial NativeStatus Create(StreamHandle stream, long size, out BufferHandle buffer);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_buffer_destroy")]
    private static partial NativeStatus Destroy(nint buffer);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_buffer_address")]
    private static partial NativeStatus GetAddress(BufferHandle buffer, out ulong address);
}
