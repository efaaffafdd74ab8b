using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.Cuda;

/// <summary>
/// Scratch memory shared by executions that never overlap, all of them on one stream: one buffer of the largest need, not the sum. Executions are
/// collected first and get their memory when the first of them is about to run; one that is added later and needs more gets a larger buffer, and
/// the earlier ones keep theirs, because captured graphs hold its address.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="makeRoom">Asked where there is not enough memory; says whether it freed any, so that another try is worth it. May be null.</param>
public sealed class DeviceScratch(CudaStream stream, Func<bool>? makeRoom = null) : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];
    private readonly List<IDeviceExecution> _waiting = [];

    /// <summary>Bytes held now.</summary>
    public long SizeInBytes => _buffers.Sum(buffer => buffer.SizeInBytes);

    /// <summary>Adds an execution; it gets its memory in the next <see cref="Provide"/>.</summary>
    /// <param name="execution">The execution; must not be disposed before that, or be removed first.</param>
    public void Add(IDeviceExecution execution) => _waiting.Add(execution);

    /// <summary>Takes back an execution that may still be waiting.</summary>
    /// <param name="execution">The execution.</param>
    public void Remove(IDeviceExecution execution) => _waiting.Remove(execution);

    /// <summary>Gives memory to the executions that have none yet; to be called before any of them is enqueued, and not while the stream is captured.</summary>
    /// <exception cref="LatentSyncException">There is not that much.</exception>
    public void Provide()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        long size = Math.Max(1, _waiting.Max(execution => execution.ScratchSizeInBytes));
        if (_buffers.Count == 0 || _buffers[^1].SizeInBytes < size)
        {
            _buffers.Add(Allocate(size));
        }

        _waiting.ForEach(execution => execution.UseScratch(_buffers[^1]));
        _waiting.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _waiting.Clear();
        _buffers.ForEach(buffer => buffer.Dispose());
        _buffers.Clear();
    }

    private DeviceBuffer Allocate(long size)
    {
        try
        {
            return stream.Allocate(size);
        }
        catch (DeviceOutOfMemoryException) when (makeRoom?.Invoke() == true)
        {
            return stream.Allocate(size);
        }
    }
}
