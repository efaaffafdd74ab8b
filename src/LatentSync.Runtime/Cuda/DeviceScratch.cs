namespace LatentSync.Runtime.Cuda;

/// <summary>
/// Scratch memory shared by work that never overlaps, all of it on one stream. It grows when more is asked for; what was handed out before stays
/// where it is, because captured graphs hold its address.
/// </summary>
/// <param name="stream">The stream.</param>
public sealed class DeviceScratch(CudaStream stream) : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];

    /// <summary>Memory of at least a size; the same for every request that fits.</summary>
    /// <param name="sizeInBytes">How much; 0 counts as 1.</param>
    /// <exception cref="LatentSyncException">There is not that much, or the stream is being captured.</exception>
    public DeviceBuffer AtLeast(long sizeInBytes)
    {
        if (_buffers.Count == 0 || _buffers[^1].SizeInBytes < sizeInBytes)
        {
            _buffers.Add(stream.Allocate(Math.Max(1, sizeInBytes)));
        }

        return _buffers[^1];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}
