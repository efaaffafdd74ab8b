using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_stream</c>; keeps its device alive.</summary>
internal sealed unsafe partial class StreamHandle : DependentHandle
{
    internal static StreamHandle Create(DeviceHandle device) => Create((out StreamHandle stream) => Create(device, out stream), device);

    internal void Synchronize() => NativeError.ThrowIfFailed(Synchronize(this));

    internal void Wait(EventHandle awaited) => NativeError.ThrowIfFailed(WaitEvent(this, awaited));

    internal void Call(delegate* unmanaged<void*, void> function, void* user) => NativeError.ThrowIfFailed(HostFunction(this, function, user));

    internal void BeginCapture() => NativeError.ThrowIfFailed(BeginCapture(this));

    internal void AbortCapture() => NativeError.ThrowIfFailed(AbortCapture(this));

    internal void Upload(void* source, BufferHandle destination, long offset, long size) =>
        NativeError.ThrowIfFailed(CopyToDevice(this, source, destination, offset, size));

    internal void Download(BufferHandle source, long offset, void* destination, long size) =>
        NativeError.ThrowIfFailed(CopyToHost(this, source, offset, destination, size));

    internal void Copy(BufferHandle source, long sourceOffset, BufferHandle destination, long destinationOffset, long size) =>
        NativeError.ThrowIfFailed(CopyOnDevice(this, source, sourceOffset, destination, destinationOffset, size));

    internal void Fill(BufferHandle buffer, long offset, long size, byte value) => NativeError.ThrowIfFailed(Fill(this, buffer, offset, size, value));

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_create")]
    private static partial NativeStatus Create(DeviceHandle device, out StreamHandle stream);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_destroy")]
    private static partial NativeStatus Destroy(nint stream);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_synchronize")]
    private static partial NativeStatus Synchronize(StreamHandle stream);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_wait_event")]
    private static partial NativeStatus WaitEvent(StreamHandle stream, EventHandle awaited);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_host_function")]
    private static partial NativeStatus HostFunction(StreamHandle stream, delegate* unmanaged<void*, void> function, void* user);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_begin_capture")]
    private static partial NativeStatus BeginCapture(StreamHandle stream);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_abort_capture")]
    private static partial NativeStatus AbortCapture(StreamHandle stream);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_copy_to_device")]
    private static partial NativeStatus CopyToDevice(StreamHandle stream, void* source, BufferHandle destination, long offset, long size);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_copy_to_host")]
    private static partial NativeStatus CopyToHost(StreamHandle stream, BufferHandle source, long offset, void* destination, long size);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_copy_on_device")]
    private static partial NativeStatus CopyOnDevice(
        StreamHandle stream, BufferHandle source, long sourceOffset, BufferHandle destination, long destinationOffset, long size);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_fill")]
    private static partial NativeStatus Fill(StreamHandle stream, BufferHandle buffer, long offset, long size, byte value);
}
