namespace LatentSync.Runtime.Cuda;

/// <summary>Memory of a GPU, in bytes.</summary>
/// <param name="FreeInBytes">Free on the whole device.</param>
/// <param name="TotalInBytes">The whole device's.</param>
/// <param name="UsedInBytes">In buffers of this device object.</param>
/// <param name="UsedHighInBytes">The most that was in buffers at a time since the object was opened or its counters were reset.</param>
/// <param name="ReservedInBytes">What the pool holds from the driver.</param>
/// <param name="PinnedInBytes">Page-locked host memory of this device object.</param>
/// <param name="HasMemoryPool">Whether the device has pools; without, each buffer is an allocation of its own.</param>
public sealed record CudaMemory(
    long FreeInBytes, long TotalInBytes, long UsedInBytes, long UsedHighInBytes, long ReservedInBytes, long PinnedInBytes, bool HasMemoryPool);
