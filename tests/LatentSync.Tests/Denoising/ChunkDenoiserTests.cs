using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Tests.Denoising;

public class ChunkDenoiserTests
{
    private const int Channels = 4, Frames = 3, Side = 4, Steps = 5;

    [Theory]
    [InlineData("ddim", 1)]
    [InlineData("ddim", 2.5)]
    [InlineData("unipc", 1)]
    [InlineData("unipc", 1.5)]
    [InlineData("euler", 1.5)]
    [InlineData("lcm", 1.5)]
    public void Denoise_AnySchedulerAndGuidance_FollowsTheFormulaStepByStep(string name, double guidance)
    {
        Tensor noise = Tensor.Zeros(Channels, Side, Side);
        new TorchGenerator(1).FillNormal(noise.Span);
        ChunkDenoiser subject = new(new UNetNetworks(new SpeechTimesSample()), Create(name), new DenoisingOptions { GuidanceScale = guidance }, new SimdKernels());

        float[] first = subject.Denoise(Chunk(), noise, null, default).Span.ToArray();
        float[] second = subject.Denoise(Chunk(), noise, null, default).Span.ToArray();

        float[] expected = FramesFirst(Expected(Create(name), guidance, noise));
        for (int i = 0; i < expected.Length; i++)
        {
            // Guidance and step are one sum in another order: a few roundings a step.
            Assert.Equal(expected[i], first[i], 1e-4f);
        }

        Assert.Equal(first, second);
    }

    // The network says sample * (1 + speech): silent frames say the sample, spoken ones twice that.
    private static float[] Expected(IScheduler scheduler, double guidance, Tensor noise)
    {
        float[] sample = new float[Channels * Frames * Side * Side], input = new float[sample.Length];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = (float)scheduler.InitNoiseSigma * noise.Span[(i / (Frames * Side * Side) * Side * Side) + (i % (Side * Side))];
        }

        scheduler.Reset();
        for (int step = 0; step < scheduler.Timesteps.Count; step++)
        {
            scheduler.ScaleModelInput(step, sample, input);
            scheduler.Step(step, [.. input.Select(x => guidance > 1 ? x + ((float)guidance * ((2 * x) - x)) : 2 * x)], sample);
        }

        return sample;
    }

    private static float[] FramesFirst(float[] latents)
    {
        int plane = Side * Side;
        float[] result = new float[latents.Length];
        for (int i = 0; i < latents.Length; i++)
        {
            int channel = i / (Frames * plane), frame = i / plane % Frames;
            result[(((frame * Channels) + channel) * plane) + (i % plane)] = latents[i];
        }

        return result;
    }

    private static IScheduler Create(string name) =>
        SchedulerFactory.Create(name, SchedulerConfig.Official with { PredictionType = PredictionType.VPrediction }, Steps, new FrameNoise(1, Channels, Side * Side));

    private static FaceChunk Chunk()
    {
        Tensor speech = Tensor.Zeros(Frames, 2, 3);
        speech.Span.Fill(1);
        return new FaceChunk(Tensor.Zeros(Side, Side), Tensor.Zeros(Frames, Channels, Side, Side), Tensor.Zeros(Frames, Channels, Side, Side), speech);
    }

    private sealed class SpeechTimesSample : IInferenceEngine
    {
        public IReadOnlyList<TensorContract> Inputs => [Named("sample"), Named("timestep"), Named("encoder_hidden_states")];

        public IReadOnlyList<TensorContract> Outputs => [Named("out_sample")];

        public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
        {
            Tensor sample = inputs[0].Value, speech = inputs[2].Value, output = outputs[0].Value;
            int batch = (int)sample.Shape[0], size = output.Length / batch;
            for (int b = 0; b < batch; b++)
            {
                float factor = 1 + speech.Span[b * speech.Length / batch];
                for (int i = 0; i < size; i++)
                {
                    output.Span[(b * size) + i] = factor * sample.Span[(b * sample.Length / batch) + i];
                }
            }
        }

        public void Dispose()
        {
        }

        private static TensorContract Named(string name) => new(name, "float", []);
    }
}
