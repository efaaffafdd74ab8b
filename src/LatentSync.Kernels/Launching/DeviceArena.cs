using System.Runtime.CompilerServices;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>Divides a block of device memory from its start on. Run from address 0 it measures how long the block must be.</summary>
internal struct DeviceArena(ulong address)
{
    // A memory transaction of the device: parts that start there do not share one.
    private const long Alignment = 128;

    /// <summary>Bytes taken so far.</summary>
    public long Length { get; private set; }

    public DeviceView<T> Take<T>(long count)
        where T : unmanaged
    {
        long start = (Length + Alignment - 1) / Alignment * Alignment;
        Length = start + (count * Unsafe.SizeOf<T>());
        return new DeviceView<T>(address + (ulong)start, count);
    }
}
