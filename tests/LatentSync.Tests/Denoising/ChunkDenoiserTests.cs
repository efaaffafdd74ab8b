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

    [Theory]
    [InlineData("ddim", 1.5)]
    [InlineData("unipc", 1.5)]
    [InlineData("unipc", 1)]
    [InlineData("lcm", 1.5)]
    public void Denoise_TwoChunksTogether_GivesWhatEachGivesAlone(string name, double guidance)
    {
        Tensor noise = Tensor.Zeros(Channels, Side, Side);
        new TorchGenerator(1).FillNormal(noise.Span);
        FaceChunk[] chunks = [Chunk(speech: 1), Chunk(speech: 0.25f)];
        DenoisingOptions options = new() { GuidanceScale = guidance };
        ChunkDenoiser alone = new(new UNetNetworks(new SpeechTimesSample()), Create(name), options, new SimdKernels());
        ChunkDenoiser together = new(new UNetNetworks(new SpeechTimesSample()), [Create(name), Create(name)], options, new SimdKernels());

        IReadOnlyList<Tensor> both = together.Denoise(chunks, noise, null, default);

        Assert.Equal(chunks.Select(chunk => alone.Denoise(chunk, noise, null, default).Span.ToArray()), both.Select(latents => latents.Span.ToArray()));
    }

    [Fact]
    public void Denoise_ChunksOfTwoSizesOrTooMany_Refuses()
    {
        ChunkDenoiser subject = new(new UNetNetworks(new SpeechTimesSample()), [Create("ddim"), Create("ddim")], new DenoisingOptions(), new SimdKernels());
        FaceChunk shorter = new(Tensor.Zeros(Side, Side), Tensor.Zeros(1, Channels, Side, Side), Tensor.Zeros(1, Channels, Side, Side), Tensor.Zeros(1, 2, 3));
        Tensor noise = Tensor.Zeros(Channels, Side, Side);
        Assert.Throws<ArgumentException>(() => subject.Denoise([Chunk(), shorter], noise, null, default));
        Assert.Throws<ArgumentException>(() => subject.Denoise([Chunk(), Chunk(), Chunk()], noise, null, default));
        Assert.Throws<ArgumentException>(() => subject.Denoise([], noise, null, default));
    }

    [Fact]
    public void Denoise_CacheInterval_RunsTheWholeNetworkEveryThirdStepOfEachChunk()
    {
        List<string> runs = [];
        UNetNetworks networks = new(new CachingStep(runs, isShallow: false)) { ShallowStep = new CachingStep(runs, isShallow: true), SharesGuidance = true };
        ChunkDenoiser subject = new(networks, Create("ddim"), new DenoisingOptions { CacheInterval = 3 }, new SimdKernels());
        Tensor noise = Tensor.Zeros(Channels, Side, Side);

        subject.Denoise(Chunk(), noise, null, default);
        subject.Denoise(Chunk(), noise, null, default);

        // Each whole step leaves its number in the features; the steps after it must find that number.
        Assert.Equal(["whole 1", "shallow 1", "shallow 1", "whole 2", "shallow 2", "whole 3", "shallow 3", "shallow 3", "whole 4", "shallow 4"], runs);
    }

    [Fact]
    public void Create_CachingWithoutAShallowStep_Refuses() => Assert.Throws<ArgumentException>(() =>
        new ChunkDenoiser(new UNetNetworks(new SpeechTimesSample()), Create("ddim"), new DenoisingOptions { CacheInterval = 2 }, new SimdKernels()));

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

    private static FaceChunk Chunk(float speech = 1)
    {
        Tensor windows = Tensor.Zeros(Frames, 2, 3);
        windows.Span.Fill(speech);
        return new FaceChunk(Tensor.Zeros(Side, Side), Tensor.Zeros(Frames, Channels, Side, Side), Tensor.Zeros(Frames, Channels, Side, Side), windows);
    }

    private static TensorContract Named(string name) => new(name, "float", []);

    // Guidance inside: two predictions of zeros. The whole step counts itself in its features, the shallow one tells what it finds there.
    private sealed class CachingStep(List<string> runs, bool isShallow) : IInferenceEngine
    {
        private int _count;

        public IReadOnlyList<TensorContract> Inputs => isShallow ? [Named("noisy_latents"), Named("deep_features")] : [Named("noisy_latents")];

        public IReadOnlyList<TensorContract> Outputs => isShallow ? [Named("out_sample")] : [Named("out_sample"), Named("deep_features")];

        public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default)
        {
            Tensor features = Tensor.Zeros(1);
            Count(features);
            return [Tensor.Zeros(2, Channels, Frames, Side, Side), features];
        }

        public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
        {
            if (isShallow)
            {
                runs.Add($"shallow {inputs[1].Value.Span[0]}");
            }
            else
            {
                Count(outputs[1].Value);
            }
        }

        public void Dispose()
        {
        }

        private void Count(Tensor features)
        {
            features.Span[0] = ++_count;
            runs.Add($"whole {_count}");
        }
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
    }
}
