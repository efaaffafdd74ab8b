using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_pinned</c>; keeps its device alive.</summary>
internal sealed unsafe partial class PinnedHandle : DependentHandle
{
    internal static PinnedHandle Create(DeviceHandle device, long size) => Create((out PinnedHandle pinned) => Create(device, size, out pinned), device);

    internal void* Pointer
    {
        get
        {
            NativeError.ThrowIfFailed(GetPointer(this, out void* pointer));
            return pointer;
        }
    }

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_pinned_create")]
    private static partial NativeStatus Create(DeviceHandle device, long size, out PinnedHandle pinned);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_pinned_destroy")]
    private static partial NativeStatus Destroy(nint pinned);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_pinned_pointer")]
    private static partial NativeStatus GetPointer(PinnedHandle pinned, out void* pointer);
}
