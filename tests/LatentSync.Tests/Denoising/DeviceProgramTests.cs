using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Models.Configuration;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Denoising;

/// <summary>The loop on the driver's double over the networks of a program, with and without step caching, held against the loop in host memory.</summary>
[Collection(DriverDouble.Collection)]
public sealed class DeviceProgramTests
{
    private const int Channels = 4, Side = 4, Plane = Side * Side, Words = 3, Width = 5, Steps = 7;

    public static TheoryData<bool, double, string, int> Cases => new()
    {
        { false, 1.5, "ddim", 3 },
        { false, 1, "unipc", 2 },
        { true, 1.5, "ddim", 1 },
        { true, 1, "euler", 1 },
        { true, 1.5, "dpmpp2m", 3 },
        { true, 2, "lcm", 7 },
        { true, 1, "unipc", 3 },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Denoise_ProgramsNetworks_GivesTheHostsLatentsPlainlyAndCaptured(bool isRewritten, double guidance, string scheduler, int cacheInterval)
    {
        using DriverDouble driver = new();
        SmallProgram program = new(isRewritten, cacheInterval > 1, guidance > 1);
        DenoisingOptions options = new() { GuidanceScale = guidance, CacheInterval = cacheInterval };
        // Two chunks of one length: the second is launched from graphs alone.
        FaceChunk[] chunks = [Chunk(1), Chunk(2)];
        Tensor noise = Random(new Random(3), Channels, Side, Side);
        ChunkDenoiser host = new(program.OnHost(), Scheduler(scheduler), options, new SimdKernels());
        Tensor[] expected = [.. chunks.Select(chunk => host.Denoise(chunk, noise, null, default))];

        DeviceLoop.Result captured = DeviceLoop.Run(driver, program, Scheduler(scheduler), options, chunks, noise);
        Assert.Equal(cacheInterval > 1 ? 2 : 1, captured.Captures);
        Assert.Equal(1, captured.LaunchesPerStep);
        Assert.Equal(isRewritten ? (Steps, chunks.Length) : (0, 0), (captured.ScheduleRuns, captured.ChunkRuns));
        int whole = chunks.Length * ((Steps + cacheInterval - 1) / cacheInterval);
        Assert.Equal((whole, (chunks.Length * Steps) - whole), (captured.WholeSteps, captured.ShallowSteps));
        for (int i = 0; i < chunks.Length; i++)
        {
            AssertSame(expected[i], captured.Latents[i]);
        }

        driver.SetCapture(false);
        DeviceLoop.Result plain = DeviceLoop.Run(driver, program, Scheduler(scheduler), options, chunks, noise);
        Assert.Equal((0, true), (plain.Captures, plain.LaunchesPerStep > 1));
        Assert.Equal(captured.Latents, plain.Latents);
        Assert.Equal(0, driver.Misuses);
    }

    [SkippableFact]
    public void BeginJob_StepCachingWithoutAShallowStep_IsRefused()
    {
        using DriverDouble driver = new();
        DenoisingOptions options = new() { CacheInterval = 3 };
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => DeviceLoop.Run(driver, new SmallProgram(isRewritten: true, isCached: false, isGuided: true), Scheduler("ddim"), options, [Chunk(1)], Random(new Random(3), Channels, Side, Side)));
        Assert.Contains("shallow step", error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(Tensor expected, float[] actual)
    {
        int frames = (int)expected.Shape[0];
        for (int i = 0; i < actual.Length; i++)
        {
            (int c, int f, int p) = (i / Plane / frames, i / Plane % frames, i % Plane);
            // Float32 through the steps; products are fused differently.
            Assert.Equal(expected.Span[(((f * Channels) + c) * Plane) + p], actual[i], 2e-5f);
        }
    }

    private static IScheduler Scheduler(string name) => SchedulerFactory.Create(name, SchedulerConfig.Official, Steps, new FrameNoise(1, Channels, Plane));

    private static FaceChunk Chunk(int seed)
    {
        Random random = new(seed);
        return new FaceChunk(
            Random(new Random(9), Side, Side), Random(random, 3, Channels, Side, Side), Random(random, 3, Channels, Side, Side), Random(random, 3, Words, Width));
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
