using System.Diagnostics.CodeAnalysis;

namespace LatentSync.Denoising;

/// <summary>
/// A sampler of the diffusion process for a fixed number of steps. A solver's history belongs to one chunk: call <see cref="Reset"/> before each.
/// Not safe for several threads.
/// </summary>
public interface IScheduler
{
    /// <summary>The timesteps in the order they are visited; fractional for some schedulers.</summary>
    IReadOnlyList<float> Timesteps { get; }

    /// <summary>What the initial standard-normal noise is multiplied by.</summary>
    double InitNoiseSigma { get; }

    /// <summary>Forgets everything about the previous chunk.</summary>
    void Reset();

    /// <summary>Scales the noisy latents for the network's input at a step; the sample itself stays as it is.</summary>
    /// <param name="stepIndex">0-based step.</param>
    /// <param name="sample">The noisy latents.</param>
    /// <param name="destination">Receives the network's input, as long as the sample.</param>
    void ScaleModelInput(int stepIndex, ReadOnlySpan<float> sample, Span<float> destination);

    /// <summary>Advances the sample by one step, in place.</summary>
    /// <param name="stepIndex">0-based step.</param>
    /// <param name="modelOutput">The network's output, read as the configuration's <c>prediction_type</c>; as long as the sample.</param>
    /// <param name="sample">The noisy latents at this step; replaced by those at the next.</param>
    /// <exception cref="ArgumentException">The lengths differ from one another, or from those of the chunk's first step where there is a history.</exception>
    /// <exception cref="InvalidOperationException">The solver has a history and the steps are not taken in order after <see cref="Reset"/>.</exception>
    void Step(int stepIndex, ReadOnlySpan<float> modelOutput, Span<float> sample);

    /// <summary>
    /// The step as two factors, <c>sample = sampleFactor * sample + outputFactor * modelOutput</c>, where there is nothing else to it: no history,
    /// no clipping, no noise. A caller may then compute it itself, fused with guidance, in place of <see cref="Step"/>.
    /// </summary>
    /// <param name="stepIndex">0-based step.</param>
    /// <param name="sampleFactor">Factor of the sample.</param>
    /// <param name="outputFactor">Factor of the network's output.</param>
    /// <returns>Whether the two factors are the whole step.</returns>
    bool TryGetLinearStep(int stepIndex, out float sampleFactor, out float outputFactor);

    /// <summary>The whole sampler as a table for the device's step kernels, for a loop that never leaves the device.</summary>
    /// <param name="guidanceScale">The guidance scale; without meaning where the steps are taken without guidance.</param>
    /// <param name="table">The table.</param>
    /// <returns>Whether the sampler is one of tables, and its steps reach back no further than the device's ring of predictions does.</returns>
    bool TryGetDeviceTable(double guidanceScale, [NotNullWhen(true)] out DeviceStepTable? table);
}
