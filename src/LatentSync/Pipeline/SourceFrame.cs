using LatentSync.Kernels;

namespace LatentSync.Pipeline;

/// <summary>A decoded frame in output order.</summary>
/// <param name="Index">0-based output frame.</param>
/// <param name="SourceIndex">0-based frame of the input video at the job's rate.</param>
/// <param name="Image">The pixels; the pipeline's until it gives them back.</param>
internal readonly record struct SourceFrame(long Index, long SourceIndex, RgbImage Image);
