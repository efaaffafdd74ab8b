using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>A queue of work on a device. Serves one thread at a time; calls enqueue and return unless they say otherwise.</summary>
public sealed unsafe class CudaStream : IDisposable
{
    private readonly StreamHandle _handle;

    internal CudaStream(CudaDevice device)
    {
        Device = device;
        _handle = StreamHandle.Create(device.Handle);
    }

    /// <summary>The device it belongs to.</summary>
    public CudaDevice Device { get; }

    internal StreamHandle Handle => _handle;

    /// <summary>Allocates device memory in the stream's order, not cleared, aligned to 256 bytes.</summary>
    /// <param name="sizeInBytes">How much, above 0.</param>
    /// <exception cref="LatentSyncException">There is not that much, or the stream is being captured.</exception>
    public DeviceBuffer Allocate(long sizeInBytes) => new(this, sizeInBytes);

    /// <summary>Waits until everything enqueued so far is done.</summary>
    /// <exception cref="LatentSyncException">Something that was enqueued failed, or the device is lost.</exception>
    public void Synchronize() => _handle.Synchronize();

    /// <summary>Holds what is enqueued from now on until the event's latest record is reached.</summary>
    /// <param name="awaited">The event.</param>
    public void Wait(CudaEvent awaited) => _handle.Wait(awaited.Handle);

    /// <summary>Copies page-locked host memory to the device.</summary>
    /// <param name="source">Where from; must stay as it is until the copy is done.</param>
    /// <param name="sourceOffset">First byte of it.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="destinationOffset">First byte of it.</param>
    /// <param name="sizeInBytes">How much.</param>
    /// <exception cref="LatentSyncException">A range lies outside its buffer, or the driver refuses.</exception>
    public void Upload(PinnedBuffer source, long sourceOffset, DeviceBuffer destination, long destinationOffset, long sizeInBytes) =>
        _handle.Upload(source.PointerTo(sourceOffset, sizeInBytes), destination.Handle, destinationOffset, sizeInBytes);

    /// <summary>Copies host memory to the device and waits for it: for what is set up once.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="destinationOffset">First byte of it.</param>
    /// <exception cref="LatentSyncException">The range lies outside the buffer, or the driver refuses.</exception>
    public void UploadAndWait<T>(ReadOnlySpan<T> source, DeviceBuffer destination, long destinationOffset = 0)
        where T : unmanaged
    {
        fixed (T* pointer = source)
        {
            _handle.Upload(pointer, destination.Handle, destinationOffset, (long)source.Length * sizeof(T));
            _handle.Synchronize();
        }
    }

    /// <summary>Copies device memory to page-locked host memory.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="sourceOffset">First byte of it.</param>
    /// <param name="destination">Where to; undefined until the copy is done.</param>
    /// <param name="destinationOffset">First byte of it.</param>
    /// <param name="sizeInBytes">How much.</param>
    /// <exception cref="LatentSyncException">A range lies outside its buffer, or the driver refuses.</exception>
    public void Download(DeviceBuffer source, long sourceOffset, PinnedBuffer destination, long destinationOffset, long sizeInBytes) =>
        _handle.Download(source.Handle, sourceOffset, destination.PointerTo(destinationOffset, sizeInBytes), sizeInBytes);

    /// <summary>Copies device memory to host memory and waits for it: for results that are looked at once.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="sourceOffset">First byte of the source.</param>
    /// <exception cref="LatentSyncException">The range lies outside the buffer, or something that was enqueued before failed.</exception>
    public void DownloadAndWait<T>(DeviceBuffer source, Span<T> destination, long sourceOffset = 0)
        where T : unmanaged
    {
        fixed (T* pointer = destination)
        {
            _handle.Download(source.Handle, sourceOffset, pointer, (long)destination.Length * sizeof(T));
            _handle.Synchronize();
        }
    }

    /// <summary>Copies within device memory.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="sourceOffset">First byte of it.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="destinationOffset">First byte of it.</param>
    /// <param name="sizeInBytes">How much.</param>
    /// <exception cref="LatentSyncException">A range lies outside its buffer, or the driver refuses.</exception>
    public void Copy(DeviceBuffer source, long sourceOffset, DeviceBuffer destination, long destinationOffset, long sizeInBytes) =>
        _handle.Copy(source.Handle, sourceOffset, destination.Handle, destinationOffset, sizeInBytes);

    /// <summary>Sets bytes.</summary>
    /// <param name="buffer">Where.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="sizeInBytes">How many.</param>
    /// <param name="value">To what.</param>
    /// <exception cref="LatentSyncException">The range lies outside the buffer, or the driver refuses.</exception>
    public void Fill(DeviceBuffer buffer, long offset, long sizeInBytes, byte value) => _handle.Fill(buffer.Handle, offset, sizeInBytes, value);

    /// <summary>
    /// From now until <see cref="EndCapture"/> the stream records what is enqueued instead of doing it. The same thread must end it; nothing may
    /// be allocated or freed on the device meanwhile.
    /// </summary>
    /// <exception cref="LatentSyncException">A capture is under way, or the driver refuses.</exception>
    public void BeginCapture() => _handle.BeginCapture();

    /// <summary>Ends the capture; the stream works again, whatever comes of it.</summary>
    /// <returns>What was recorded, ready to be launched.</returns>
    /// <exception cref="LatentSyncException">Something in the sequence cannot be captured, or there is no capture.</exception>
    public CudaGraph EndCapture() => new(GraphHandle.EndCapture(_handle));

    /// <summary>Drops a capture, if there is one; the stream works again.</summary>
    public void AbortCapture() => _handle.AbortCapture();

    /// <summary>Launches a captured sequence.</summary>
    /// <param name="graph">The sequence.</param>
    /// <exception cref="LatentSyncException">The driver refuses.</exception>
    public void Launch(CudaGraph graph) => graph.Handle.Launch(_handle);

    /// <summary>Lets the stream call a function on a thread of the driver's; capturable.</summary>
    /// <param name="function">Must neither throw nor use CUDA.</param>
    /// <param name="user">Handed to it; must live until it ran, or as long as the graph that it was captured into.</param>
    internal void Call(delegate* unmanaged<void*, void> function, void* user) => _handle.Call(function, user);

    /// <summary>Waits for the stream's work and gives it up.</summary>
    public void Dispose() => _handle.Dispose();
}
