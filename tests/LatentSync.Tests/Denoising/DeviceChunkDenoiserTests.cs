using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Models.Configuration;
using LatentSync.Runtime;
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

    private static float[] OnDevice(DriverDouble driver, SmallUNet network, FaceChunk chunk, Tensor noise, double guidance)
    {
        using HostFunctionNetwork unet = new(network);
        return DeviceLoop.Denoise(driver, new DeviceUNetNetworks(unet, network.Inputs), Scheduler(), new DenoisingOptions { GuidanceScale = guidance }, [chunk], noise).Latents[0];
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
