using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.TensorRt;

/// <summary>One way of running a network: a profile, shapes, addresses and activation memory. Serves one thread at a time.</summary>
public sealed class TensorRtExecution : IDisposable
{
    private readonly ExecutionHandle _handle;

    internal TensorRtExecution(ExecutionHandle handle, int profile)
    {
        _handle = handle;
        Profile = profile;
    }

    /// <summary>The optimization profile it runs in, 0-based.</summary>
    public int Profile { get; }

    /// <summary>Bytes of activation memory that the shapes set now need.</summary>
    /// <exception cref="LatentSyncException">A shape is missing.</exception>
    public long ActivationSizeInBytes => _handle.ActivationSize;

    /// <summary>Gives it activation memory; executions that never overlap may share it.</summary>
    /// <param name="buffer">The memory; must outlive every run.</param>
    /// <param name="offset">First byte, a multiple of 256.</param>
    /// <param name="sizeInBytes">At least <see cref="ActivationSizeInBytes"/>.</param>
    /// <exception cref="LatentSyncException">The range lies outside the buffer or is too small.</exception>
    public void SetMemory(DeviceBuffer buffer, long offset, long sizeInBytes)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        _handle.SetMemory(buffer.Handle, offset, sizeInBytes);
    }

    /// <summary>Sets the extents of an input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="extents">Every extent.</param>
    /// <exception cref="LatentSyncException">There is no such input, or the profile does not allow the extents.</exception>
    public void SetShape(string input, ReadOnlySpan<long> extents) => _handle.SetShape(input, extents);

    /// <summary>The extents of an input or output once all inputs have theirs.</summary>
    /// <param name="tensor">Its name.</param>
    /// <exception cref="LatentSyncException">There is no such tensor, or a shape is missing.</exception>
    public IReadOnlyList<long> Shape(string tensor) => _handle.Shape(tensor);

    /// <summary>Says where an input or output is.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="address">On the device, 256-byte aligned, with room for the tensor's shape; must stay valid for every run.</param>
    /// <exception cref="LatentSyncException">There is no such tensor, or the address is not aligned.</exception>
    public void SetAddress(string tensor, ulong address) => _handle.SetAddress(tensor, address);

    /// <summary>Enqueues one run; capturable after one run that was not captured, with the same shapes and addresses.</summary>
    /// <param name="stream">Where; the call does not wait.</param>
    /// <exception cref="LatentSyncException">Something is not set, or TensorRT refuses, or the device is lost.</exception>
    public void Enqueue(CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _handle.Enqueue(stream.Handle);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
