using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>Device memory.</summary>
public sealed class DeviceBuffer : IDisposable
{
    internal DeviceBuffer(BufferHandle handle, ulong address, long sizeInBytes)
    {
        Handle = handle;
        Address = address;
        SizeInBytes = sizeInBytes;
    }

    /// <summary>Where it begins on the device.</summary>
    public ulong Address { get; }

    /// <summary>Its size.</summary>
    public long SizeInBytes { get; }

    internal BufferHandle Handle { get; }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
