using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Runs the UNet over one chunk for every step of a scheduler, with classifier-free guidance.
/// Not safe for several threads: it owns the scheduler's history.
/// </summary>
/// <param name="unet">
/// Contract: <c>sample</c> <c>[B,3C+1,F,h,w]</c> (noisy latents, mask, masked latents, reference latents), <c>timestep</c> <c>[1]</c>,
/// <c>encoder_hidden_states</c> <c>[B*F,S,D]</c>, to <c>out_sample</c> <c>[B,C,F,h,w]</c>; B is 2 with guidance (first half silent), else 1.
/// </param>
/// <param name="scheduler">The sampler.</param>
/// <param name="options">Guidance.</param>
/// <param name="kernels">Computes guidance and step.</param>
public sealed class ChunkDenoiser(IInferenceEngine unet, IScheduler scheduler, DenoisingOptions options, IFaceKernels kernels)
{
    /// <summary>Denoises one chunk.</summary>
    /// <param name="chunk">Its conditioning.</param>
    /// <param name="noise"><c>[C,h,w]</c>, the job's one noise draw, repeated for every frame.</param>
    /// <param name="onStep">Called after each step with the number of steps done.</param>
    /// <param name="cancellationToken">Stops between and within steps.</param>
    /// <returns>Final latents, <c>[F,C,h,w]</c>, scaled.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public Tensor Denoise(FaceChunk chunk, Tensor noise, Action<int>? onStep, CancellationToken cancellationToken)
    {
        bool guided = options.GuidanceScale > 1;
        UNetInput input = new(chunk, noise, guided);
        Tensor output = Tensor.Zeros(input.Batch, input.Channels, input.Frames, input.Height, input.Width);
        float[] latents = InitialLatents(noise, input.Frames);
        float[] timestep = new float[1];
        NamedTensor[] inputs =
        [
            new(UNetTensors.Sample, input.Sample),
            new(UNetTensors.Timestep, new Tensor(timestep, 1)),
            new(UNetTensors.EncoderHiddenStates, input.EncoderHiddenStates),
        ];
        NamedTensor[] outputs = [new(UNetTensors.Output, output)];
        scheduler.Reset();
        for (int step = 0; step < scheduler.Timesteps.Count; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            timestep[0] = scheduler.Timesteps[step];
            scheduler.ScaleModelInput(step, latents, input.NoisyLatents(0));
            if (guided)
            {
                input.NoisyLatents(0).CopyTo(input.NoisyLatents(1));
            }

            unet.Run(inputs, outputs, cancellationToken);
            if (guided)
            {
                int half = output.Length / 2;
                GuidedStep(step, output.Span[..half], output.Span[half..], latents);
            }
            else
            {
                Step(step, output.Span, latents);
            }

            onStep?.Invoke(step + 1);
        }

        return FramesFirst(latents, input);
    }

    // e = e0 + g * (e1 - e0): in one pass with the step where the step is linear, else as the combination (1 - g) * e0 + g * e1 before it.
    private void GuidedStep(int step, Span<float> silent, ReadOnlySpan<float> spoken, Span<float> latents)
    {
        float guidance = (float)options.GuidanceScale;
        if (scheduler.TryGetLinearStep(step, out float sampleFactor, out float outputFactor))
        {
            kernels.GuidedStep(silent, spoken, guidance, sampleFactor, outputFactor, latents);
            return;
        }

        kernels.Step(spoken, (float)(1 - options.GuidanceScale), guidance, silent);
        scheduler.Step(step, silent, latents);
    }

    private void Step(int step, ReadOnlySpan<float> output, Span<float> latents)
    {
        if (scheduler.TryGetLinearStep(step, out float sampleFactor, out float outputFactor))
        {
            kernels.Step(output, sampleFactor, outputFactor, latents);
            return;
        }

        scheduler.Step(step, output, latents);
    }

    // [C,F,h,w] with the same noise in every frame.
    private float[] InitialLatents(Tensor noise, int frames)
    {
        int channels = (int)noise.Shape[0], plane = noise.Length / channels;
        float[] latents = new float[noise.Length * frames];
        float sigma = (float)scheduler.InitNoiseSigma;
        for (int c = 0; c < channels; c++)
        {
            for (int f = 0; f < frames; f++)
            {
                Span<float> destination = latents.AsSpan(((c * frames) + f) * plane, plane);
                System.Numerics.Tensors.TensorPrimitives.Multiply(noise.Span.Slice(c * plane, plane), sigma, destination);
            }
        }

        return latents;
    }

    private static Tensor FramesFirst(ReadOnlySpan<float> latents, UNetInput input)
    {
        Tensor result = Tensor.Zeros(input.Frames, input.Channels, input.Height, input.Width);
        int plane = input.Height * input.Width;
        for (int f = 0; f < input.Frames; f++)
        {
            for (int c = 0; c < input.Channels; c++)
            {
                latents.Slice(((c * input.Frames) + f) * plane, plane).CopyTo(result.Span.Slice(((f * input.Channels) + c) * plane, plane));
            }
        }

        return result;
    }
}
