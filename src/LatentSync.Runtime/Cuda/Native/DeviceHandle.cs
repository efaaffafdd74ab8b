using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_device</c>; keeps its driver alive.</summary>
internal sealed partial class DeviceHandle : DependentHandle
{
    internal static DeviceHandle Create(CudaDriverHandle driver, int ordinal) =>
        Create((out DeviceHandle device) => Create(driver, ordinal, out device), driver);

    internal unsafe MemoryInfoStruct Memory()
    {
        MemoryInfoStruct info = new() { StructSize = sizeof(MemoryInfoStruct) };
        NativeError.ThrowIfFailed(GetMemory(this, ref info));
        return info;
    }

    internal unsafe DeviceCountersStruct Counters()
    {
        DeviceCountersStruct counters = new() { StructSize = sizeof(DeviceCountersStruct) };
        NativeError.ThrowIfFailed(GetCounters(this, ref counters));
        return counters;
    }

    internal void ResetCounters() => NativeError.ThrowIfFailed(ResetCounters(this));

    internal void Synchronize() => NativeError.ThrowIfFailed(Synchronize(this));

    internal void Trim() => NativeError.ThrowIfFailed(Trim(this));

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_create")]
    private static partial NativeStatus Create(CudaDriverHandle driver, int ordinal, out DeviceHandle device);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_destroy")]
    private static partial NativeStatus Destroy(nint device);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_synchronize")]
    private static partial NativeStatus Synchronize(DeviceHandle device);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_trim")]
    private static partial NativeStatus Trim(DeviceHandle device);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_memory")]
    private static partial NativeStatus GetMemory(DeviceHandle device, ref MemoryInfoStruct info);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_counters_get")]
    private static partial NativeStatus GetCounters(DeviceHandle device, ref DeviceCountersStruct counters);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_device_counters_reset")]
    private static partial NativeStatus ResetCounters(DeviceHandle device);
}
