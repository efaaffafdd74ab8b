namespace LatentSync.Runtime.Cuda;

/// <summary>A GPU as the CUDA driver describes it.</summary>
/// <param name="Ordinal">The driver's device number, from 0.</param>
/// <param name="Name">The product's name.</param>
/// <param name="TotalMemoryInBytes">Its whole memory.</param>
/// <param name="ComputeCapability">The architecture, 8.6 for sm_86.</param>
/// <param name="Multiprocessors">Streaming multiprocessors.</param>
public sealed record CudaDeviceInfo(int Ordinal, string Name, long TotalMemoryInBytes, Version ComputeCapability, int Multiprocessors);
