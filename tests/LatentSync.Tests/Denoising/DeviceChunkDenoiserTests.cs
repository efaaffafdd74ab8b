using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Models.Configuration;
using LatentSync.Pipeline.Gpu;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Denoising;

/// <summary>The loop on the driver's double, with a network by formula, held against the loop in host memory.</summary>
[Collection(DriverDouble.Collection)]
public sealed class DeviceChunkDenoiserTests
{
    private const int Channels = 4, Side = 4, Plane = Side * Side, Words = 3, Width = 5;

    [SkippableTheory]
    [InlineData(false, 1.5)]
    [InlineData(true, 1.5)]
    [InlineData(true, 1)]
    public void Denoise_OneInputOrSeveral_GivesTheHostsLatents(bool isSplit, double guidance)
    {
        using DriverDouble driver = new();
        Random random = new(7);
        FaceChunk chunk = new(Random(random, Side, Side), Random(random, 3, Channels, Side, Side), Random(random, 3, Channels, Side, Side), Random(random, 3, Words, Width));
        Tensor noise = Random(random, Channels, Side, Side);
        using SmallUNet host = new(isSplit: false), device = new(isSplit);
        Tensor expected = new ChunkDenoiser(new UNetNetworks(host), Scheduler(), new DenoisingOptions { GuidanceScale = guidance }, new SimdKernels()).Denoise(chunk, noise, null, default);

        float[] actual = OnDevice(driver, device, chunk, noise, guidance);
        for (int i = 0; i < actual.Length; i++)
        {
            (int c, int f, int p) = (i / Plane / 3, i / Plane % 3, i % Plane);
            // Float32 through four steps; products are fused differently.
            Assert.Equal(expected.Span[(((f * Channels) + c) * Plane) + p], actual[i], 1e-5f);
        }
    }

    private static IScheduler Scheduler() => SchedulerFactory.Create("ddim", SchedulerConfig.Official, 4, new FrameNoise(1, Channels, Plane));

    // As a job does: the encoder puts the latents of each frame in place, then the loop runs.
    private static unsafe float[] OnDevice(DriverDouble driver, SmallUNet network, FaceChunk chunk, Tensor noise, double guidance)
    {
        int frames = chunk.FrameCount;
        Assert.True(Scheduler().TryGetDeviceTable(guidance, out DeviceStepTable? table));
        using HostFunctionNetwork unet = new(network);
        using DeviceEngines engines = new(driver.Device, unet, unet, unet, []);
        using DeviceScratch scratch = new(engines.Compute);
        DeviceChunkLayout layout = new(Channels, Side, Side, 5, Words, Width, guidance > 1);
        using DeviceChunkDenoiser denoiser = new(unet, network.Inputs, layout, table.Shape, new DeviceWork(engines.Compute, engines.Launcher, scratch, null));
        denoiser.BeginJob(table, chunk.Mask, noise);
        DeviceView<float> conditioning = denoiser.Conditioning(frames);
        Span<float> memory = new((float*)conditioning.Address, (int)conditioning.Length);
        for (int i = 0; i < frames * Channels * Plane; i++)
        {
            (int f, int c, int p) = (i / Plane / Channels, i / Plane % Channels, i % Plane);
            int first = denoiser.FirstConditioningChannel + c;
            memory[(((first * frames) + f) * Plane) + p] = chunk.MaskedLatents.Span[i];
            memory[((((first + Channels) * frames) + f) * Plane) + p] = chunk.ReferenceLatents.Span[i];
        }

        using PinnedBuffer audio = driver.Device.CreatePinned(chunk.EncoderHiddenStates.Length * sizeof(float));
        chunk.EncoderHiddenStates.Span.CopyTo(audio.Span<float>(0, chunk.EncoderHiddenStates.Length));
        denoiser.Denoise(frames, audio, 0, null, default);
        return denoiser.ReadLatents(frames);
    }

    private static Tensor Random(Random random, params long[] shape)
    {
        Tensor tensor = Tensor.Zeros(shape);
        foreach (ref float value in tensor.Span)
        {
            value = (float)((random.NextDouble() * 2) - 1);
        }

        return tensor;
    }
}
