using System.Runtime.InteropServices;
using LatentSync.Runtime.TensorRt.Native;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_device</c>.</summary>
internal sealed partial class DeviceHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>For the marshaller, which fills it in.</summary>
    public DeviceHandle()
        : base(ownsHandle: true)
    {
    }

    internal static DeviceHandle Create(CudaDriverHandle driver, int ordinal)
    {
        NativeError.ThrowIfFailed(Create(driver, ordinal, out DeviceHandle device));
        return device;
    }


    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Destroy(handle) == NativeStatus.Ok;

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_create")]
    private static partial NativeStatus Create(CudaDriverHandle driver, int ordinal, out DeviceHandle device);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_destroy")]
    private static partial NativeStatus Destroy(nint device);
}
