using LatentSync.Runtime.Cuda;

namespace LatentSync.Pipeline.Gpu;

/// <summary>Sizes of a job's frames and chunks on the device, and the streams that copy them.</summary>
/// <param name="FrameSizeInBytes">One frame, <c>[H,W,3]</c> bytes.</param>
/// <param name="MaxFrames">Most frames of a chunk.</param>
/// <param name="AudioSizeInBytes">The audio windows of the longest chunk.</param>
/// <param name="LatentsSizeInBytes">Both pictures' latents of one frame, for frames whose latents are prepared.</param>
/// <param name="CopyUp">Copies to the device.</param>
/// <param name="CopyDown">Copies to the host.</param>
internal sealed record DeviceFaceMemory(int FrameSizeInBytes, int MaxFrames, int AudioSizeInBytes, int LatentsSizeInBytes, CudaStream CopyUp, CudaStream CopyDown);
