using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>Elementwise work on latents. Extent: values of the latents.</summary>
public static class LatentKernels
{
    /// <summary>Multiplies by a factor, in place.</summary>
    /// <param name="index">Value.</param>
    /// <param name="latents">Any shape, changed in place.</param>
    /// <param name="factor">The factor.</param>
    public static void ScaleLatents(Index1D index, ArrayView<float> latents, float factor) => latents[index] *= factor;

    /// <summary>Guidance and a scheduler's step, in place: <c>x = a*x + b*(e0 + g*(e1 - e0))</c>.</summary>
    /// <param name="index">Value.</param>
    /// <param name="unconditional">e0.</param>
    /// <param name="conditional">e1.</param>
    /// <param name="sample">x, changed in place.</param>
    /// <param name="guidance">g.</param>
    /// <param name="sampleFactor">a.</param>
    /// <param name="outputFactor">b.</param>
    public static void GuidedStep(
        Index1D index,
        ArrayView<float> unconditional,
        ArrayView<float> conditional,
        ArrayView<float> sample,
        float guidance,
        float sampleFactor,
        float outputFactor)
    {
        float output = unconditional[index] + (guidance * (conditional[index] - unconditional[index]));
        sample[index] = (sampleFactor * sample[index]) + (outputFactor * output);
    }

    /// <summary>A scheduler's step without guidance, in place: <c>x = a*x + b*e</c>.</summary>
    /// <param name="index">Value.</param>
    /// <param name="output">e.</param>
    /// <param name="sample">x, changed in place.</param>
    /// <param name="sampleFactor">a.</param>
    /// <param name="outputFactor">b.</param>
    public static void SchedulerStep(Index1D index, ArrayView<float> output, ArrayView<float> sample, float sampleFactor, float outputFactor) =>
        sample[index] = (sampleFactor * sample[index]) + (outputFactor * output[index]);
}
