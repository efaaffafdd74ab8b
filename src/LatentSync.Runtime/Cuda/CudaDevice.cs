using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>
/// One GPU, ready to work: its primary context, which TensorRT and ONNX Runtime share, with a memory pool. Safe for several threads; what it
/// created may outlive its disposal and keeps the native device alive.
/// </summary>
public sealed class CudaDevice : IDisposable
{
    private readonly DeviceHandle _handle;

    private CudaDevice(DeviceHandle handle, CudaDeviceInfo info)
    {
        _handle = handle;
        Info = info;
    }

    /// <summary>The GPU as its driver describes it.</summary>
    public CudaDeviceInfo Info { get; }

    /// <summary>Memory of the whole GPU and of this object.</summary>
    /// <exception cref="LatentSyncException">The driver fails.</exception>
    public CudaMemory Memory
    {
        get
        {
            MemoryInfoStruct info = _handle.Memory();
            return new CudaMemory(info.Free, info.Total, info.Used, info.UsedHigh, info.Reserved, info.Pinned, info.HasMemoryPool != 0);
        }
    }

    /// <summary>What was enqueued through this object since it was opened or <see cref="ResetCounters"/> was called.</summary>
    public CudaCounters Counters
    {
        get
        {
            DeviceCountersStruct counters = _handle.Counters();
            return new CudaCounters
            {
                CopiesToDevice = counters.CopiesToDevice,
                BytesToDevice = counters.BytesToDevice,
                CopiesToHost = counters.CopiesToHost,
                BytesToHost = counters.BytesToHost,
                CopiesOnDevice = counters.CopiesOnDevice,
                KernelLaunches = counters.KernelLaunches,
                EngineEnqueues = counters.EngineEnqueues,
                Captures = counters.Captures,
                GraphLaunches = counters.GraphLaunches,
                LiveBuffers = counters.LiveBuffers,
            };
        }
    }

    internal DeviceHandle Handle => _handle;

    /// <summary>Takes a GPU into use: retains its primary context and makes the pool.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="ordinal">The driver's device number, from 0.</param>
    /// <exception cref="LatentSyncException">There is no such device, or it refuses.</exception>
    public static CudaDevice Open(CudaDriver driver, int ordinal = 0)
    {
        ArgumentNullException.ThrowIfNull(driver);
        CudaDeviceInfo info = driver.Devices.FirstOrDefault(device => device.Ordinal == ordinal)
            ?? throw new LatentSyncException(LatentSyncError.Usage, $"there is no CUDA device {ordinal}: the driver shows {driver.Devices.Count}, counted from 0");
        return new CudaDevice(DeviceHandle.Create(driver.Handle, ordinal), info);
    }

    /// <summary>Sets the counters to 0 and the memory's high-water mark to what is used now.</summary>
    public void ResetCounters() => _handle.ResetCounters();

    /// <summary>Waits for all work on the device.</summary>
    /// <exception cref="LatentSyncException">Something that was enqueued failed, or the device is lost.</exception>
    public void Synchronize() => _handle.Synchronize();

    /// <summary>
    /// Waits for all work on the device and gives memory that the pool keeps for later buffers back to the driver: what other libraries or processes allocate
    /// cannot come from the pool.
    /// </summary>
    /// <exception cref="LatentSyncException">A stream is being captured, something that was enqueued failed, or the device is lost.</exception>
    public void TrimMemory() => _handle.Trim();

    /// <summary>Makes a stream.</summary>
    public CudaStream CreateStream() => new(this);

    /// <summary>Makes an event.</summary>
    /// <param name="isTiming">Whether its records have a time, for <see cref="CudaEvent.TimeTo"/>.</param>
    public CudaEvent CreateEvent(bool isTiming = false) => new(this, isTiming);

    /// <summary>Allocates page-locked host memory.</summary>
    /// <param name="sizeInBytes">How much, above 0.</param>
    /// <exception cref="LatentSyncException">There is not that much.</exception>
    public PinnedBuffer CreatePinned(long sizeInBytes) => new(this, sizeInBytes);

    /// <summary>Compiles PTX for this device.</summary>
    /// <param name="ptx">The text.</param>
    /// <exception cref="LatentSyncException">The driver's compiler refuses it; the message has its log.</exception>
    public CudaModule LoadModule(string ptx) => new(this, ptx);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
