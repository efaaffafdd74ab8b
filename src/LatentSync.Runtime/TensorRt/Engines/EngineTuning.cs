namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>How hard TensorRT looks for fast kernels. Engines that differ in nothing else compute the same and serve the same jobs, so that this is no part of their key.</summary>
/// <param name="OptimizationLevel">0..5; -1 for TensorRT's default.</param>
/// <param name="WorkspaceInBytes">Most scratch memory that a layer may use; 0 for TensorRT's default.</param>
/// <param name="AuxiliaryStreams">Most streams that the engine may use beside its own; -1 for TensorRT's default.</param>
public sealed record EngineTuning(int OptimizationLevel = -1, long WorkspaceInBytes = 0, int AuxiliaryStreams = -1);
