using LatentSync.Kernels.Ilgpu.Device;

namespace LatentSync.Denoising;

/// <summary>All of a <see cref="DeviceStepTable"/> but its numbers: tables of one shape are run by the same buffers and captured graphs.</summary>
/// <param name="StepCount">Number of steps.</param>
/// <param name="KeepsPredictions">Whether the steps need the ring of <see cref="StepTableLayout.RingLength"/> predictions.</param>
/// <param name="KeepsStart">Whether the steps need memory for the sample that a step starts from.</param>
/// <param name="NeedsNoise">Whether the steps add noise.</param>
public sealed record StepTableShape(int StepCount, bool KeepsPredictions, bool KeepsStart, bool NeedsNoise);
