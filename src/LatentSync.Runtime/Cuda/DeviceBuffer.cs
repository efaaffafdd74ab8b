using System.Runtime.CompilerServices;
using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>Device memory, freed in the order of the stream it was allocated on.</summary>
public sealed class DeviceBuffer : IDisposable
{
    private readonly BufferHandle _handle;

    internal DeviceBuffer(CudaStream stream, long sizeInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeInBytes);
        _handle = BufferHandle.Create(stream.Handle, sizeInBytes);
        SizeInBytes = sizeInBytes;
        Address = _handle.Address;
    }

    /// <summary>Where it begins on the device.</summary>
    public ulong Address { get; }

    /// <summary>Its size.</summary>
    public long SizeInBytes { get; }

    internal BufferHandle Handle => _handle;

    /// <summary>The memory as elements.</summary>
    /// <param name="offsetInBytes">First byte, a multiple of the element's size.</param>
    /// <param name="length">Number of elements; null for as many as there is room for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not fit.</exception>
    public DeviceView<T> View<T>(long offsetInBytes = 0, long? length = null)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetInBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetInBytes, SizeInBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsetInBytes % Unsafe.SizeOf<T>(), 0, nameof(offsetInBytes));
        long room = (SizeInBytes - offsetInBytes) / Unsafe.SizeOf<T>();
        return new DeviceView<T>(Address + (ulong)offsetInBytes, room).Slice(0, length ?? room);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
