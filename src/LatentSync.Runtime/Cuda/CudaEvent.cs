using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>A mark in a stream that other streams and the host can wait for.</summary>
public sealed class CudaEvent : IDisposable
{
    private readonly EventHandle _handle;

    internal CudaEvent(CudaDevice device, bool isTiming)
    {
        _handle = EventHandle.Create(device.Handle, isTiming);
    }

    /// <summary>Whether the latest record is reached; also true before the first.</summary>
    /// <exception cref="LatentSyncException">Work before it failed.</exception>
    public bool IsDone => _handle.IsDone;

    internal EventHandle Handle => _handle;

    /// <summary>Puts the mark behind everything that is enqueued on the stream now.</summary>
    /// <param name="stream">The stream.</param>
    public void Record(CudaStream stream) => _handle.Record(stream.Handle);

    /// <summary>Waits on the host until the latest record is reached.</summary>
    /// <exception cref="LatentSyncException">Work before it failed.</exception>
    public void Synchronize() => _handle.Synchronize();

    /// <summary>Time on the device between this event's record and another's; both must be timing events and reached.</summary>
    /// <param name="end">The later event.</param>
    /// <exception cref="LatentSyncException">One of them is not reached.</exception>
    public TimeSpan TimeTo(CudaEvent end) => TimeSpan.FromMilliseconds(_handle.MillisecondsTo(end.Handle));

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
