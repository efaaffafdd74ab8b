namespace LatentSync.Pipeline;

/// <summary>What a job took of the GPU.</summary>
/// <param name="PeakMemoryInBytes">The most device memory that was in buffers at a time; weights and what TensorRT takes for itself not included.</param>
/// <param name="LaunchesPerStep">Launches that a denoising step took: 1 where it is a captured graph.</param>
/// <param name="Captures">Graphs that were captured.</param>
public sealed record GpuUse(long PeakMemoryInBytes, int LaunchesPerStep, long Captures);
