using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>Elementwise work on latents. Extent, unless said otherwise: values of the latents.</summary>
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

    /// <summary>
    /// Puts one frame into the UNet's input, scaled: <c>(x - shift) * scale</c>. With a shift of 0 and a scale of 1 it places the mask as well.
    /// Extent: values of the frame, <c>C*h*w</c>.
    /// </summary>
    /// <param name="index">Value of the frame.</param>
    /// <param name="source"><c>[C,h,w]</c>, one frame from the encoder.</param>
    /// <param name="destination"><c>[channels,F,h,w]</c>, one item of the input; C planes of it are written.</param>
    /// <param name="first">The frame's first channel in the input.</param>
    /// <param name="frame">0-based frame.</param>
    /// <param name="frames">F.</param>
    /// <param name="plane"><c>h*w</c>.</param>
    /// <param name="shift">The VAE's <c>shift_factor</c>.</param>
    /// <param name="scale">The VAE's <c>scaling_factor</c>.</param>
    public static void PlaceLatents(
        Index1D index, ArrayView<float> source, ArrayView<float> destination, int first, int frame, int frames, int plane, float shift, float scale)
    {
        int channel = first + (index / plane);
        destination[((((long)channel * frames) + frame) * plane) + (index % plane)] = (source[index] - shift) * scale;
    }

    /// <summary>
    /// Takes one frame out for the decoder, unscaled: <c>x / scale + shift</c>. Extent: values of the frame, <c>C*h*w</c>.
    /// </summary>
    /// <param name="index">Value of the frame.</param>
    /// <param name="latents"><c>[C,F,h,w]</c>.</param>
    /// <param name="destination"><c>[C,h,w]</c>, written.</param>
    /// <param name="frame">0-based frame.</param>
    /// <param name="frames">F.</param>
    /// <param name="plane"><c>h*w</c>.</param>
    /// <param name="shift">The VAE's <c>shift_factor</c>.</param>
    /// <param name="scale">The VAE's <c>scaling_factor</c>.</param>
    public static void TakeLatents(
        Index1D index, ArrayView<float> latents, ArrayView<float> destination, int frame, int frames, int plane, float shift, float scale)
    {
        int channel = index / plane;
        float value = latents[((((long)channel * frames) + frame) * plane) + (index % plane)] / scale;

        // Adding a shift of 0 would turn -0 into 0, which the host does not.
        destination[index] = shift == 0 ? value : value + shift;
    }

    /// <summary>The initial latents: the job's one noise draw times sigma, in every frame.</summary>
    /// <param name="index">Value.</param>
    /// <param name="noise"><c>[C,h,w]</c>.</param>
    /// <param name="latents"><c>[C,F,h,w]</c>, written.</param>
    /// <param name="frames">F.</param>
    /// <param name="plane"><c>h*w</c>.</param>
    /// <param name="sigma">The scheduler's initial noise sigma.</param>
    public static void RepeatNoise(Index1D index, ArrayView<float> noise, ArrayView<float> latents, int frames, int plane, float sigma)
    {
        int channel = index / (frames * plane);
        latents[index] = noise[((long)channel * plane) + (index % plane)] * sigma;
    }
}
