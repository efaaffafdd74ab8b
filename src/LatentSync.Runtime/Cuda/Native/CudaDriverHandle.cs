using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_cuda_driver</c>.</summary>
internal sealed unsafe partial class CudaDriverHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>For the marshaller, which fills it in.</summary>
    public CudaDriverHandle()
        : base(ownsHandle: true)
    {
    }

    internal string Path => NativeText.Read((byte* buffer, long capacity, out long length) => GetPath(this, buffer, capacity, out length));

    internal int Version
    {
        get
        {
            NativeError.ThrowIfFailed(GetVersion(this, out int version));
            return version;
        }
    }

    internal int DeviceCount
    {
        get
        {
            NativeError.ThrowIfFailed(GetDeviceCount(this, out int count));
            return count;
        }
    }

    internal static CudaDriverHandle Create(string? libraryPath)
    {
        NativeLibraryLoader.EnsureLoaded();
        fixed (byte* path = NativeText.ToBytes(libraryPath))
        {
            CudaDriverOptionsStruct options = new() { StructSize = sizeof(CudaDriverOptionsStruct), LibraryPath = path };
            NativeError.ThrowIfFailed(Create(in options, out CudaDriverHandle driver));
            return driver;
        }
    }

    internal CudaDeviceStruct Device(int index)
    {
        CudaDeviceStruct device = new() { StructSize = sizeof(CudaDeviceStruct) };
        NativeError.ThrowIfFailed(GetDevice(this, index, ref device));
        return device;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Destroy(handle) == NativeStatus.Ok;

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_cuda_driver_create")]
    private static partial NativeStatus Create(in CudaDriverOptionsStruct options, out CudaDriverHandle driver);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_cuda_driver_destroy")]
    private static partial NativeStatus Destroy(nint driver);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_cuda_driver_version")]
    private static partial NativeStatus GetVersion(CudaDriverHandle driver, out int version);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_cuda_driver_path")]
    private static partial NativeStatus GetPath(CudaDriverHandle driver, byte* buffer, long capacity, out long length);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_cuda_driver_device_count")]
    private static partial NativeStatus GetDeviceCount(CudaDriverHandle driver, out int count);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_cuda_driver_device")]
    private static partial NativeStatus GetDevice(CudaDriverHandle driver, int index, ref CudaDeviceStruct device);
}
