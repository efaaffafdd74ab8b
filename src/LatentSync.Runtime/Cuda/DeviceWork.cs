namespace LatentSync.Runtime.Cuda;

/// <summary>Where the work of one job runs on a device: one stream with the kernels and the scratch memory that it uses in turn.</summary>
/// <param name="Stream">The stream that computes.</param>
/// <param name="Launcher">Launches kernels on it.</param>
/// <param name="Scratch">Scratch memory for what runs on it.</param>
/// <param name="Warn">Told why work is not captured into a graph and enqueued piece by piece instead; may be null.</param>
public sealed record DeviceWork(CudaStream Stream, IKernelLauncher Launcher, DeviceScratch Scratch, Action<string>? Warn);
