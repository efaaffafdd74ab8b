using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>Page-locked host memory: what the device copies from and to while the host goes on.</summary>
public sealed unsafe class PinnedBuffer : IDisposable
{
    private readonly PinnedHandle _handle;
    private readonly byte* _pointer;

    internal PinnedBuffer(CudaDevice device, long sizeInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeInBytes);
        _handle = PinnedHandle.Create(device.Handle, sizeInBytes);
        _pointer = (byte*)_handle.Pointer;
        SizeInBytes = sizeInBytes;
    }

    /// <summary>Its size.</summary>
    public long SizeInBytes { get; }

    /// <summary>A part of the memory.</summary>
    /// <param name="offsetInBytes">First byte.</param>
    /// <param name="length">Number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside the memory.</exception>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Span<T> Span<T>(long offsetInBytes, int length)
        where T : unmanaged => new(PointerTo(offsetInBytes, (long)length * sizeof(T)), length);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    internal void* PointerTo(long offset, long size)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, SizeInBytes - offset);
        return _pointer + offset;
    }
}
