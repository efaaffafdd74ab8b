using LatentSync.Denoising;
using LatentSync.Models.Rewrites;
using LatentSync.Pipeline.Gpu;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Denoising;

/// <summary>Runs the loop on the driver's double as a job does: an encoder puts the latents of each frame in place, then the chunk is denoised.</summary>
internal static class DeviceLoop
{
    /// <param name="Latents">Of each chunk, <c>[C,F,h,w]</c>.</param>
    /// <param name="Captures">Graphs that were captured.</param>
    /// <param name="LaunchesPerStep">Of the last step.</param>
    /// <param name="ScheduleRuns">Runs of the schedule's network.</param>
    /// <param name="ChunkRuns">Runs of the chunk's.</param>
    /// <param name="WholeSteps">Runs of the step's.</param>
    /// <param name="ShallowSteps">Runs of the shallow step's.</param>
    public sealed record Result(float[][] Latents, long Captures, int LaunchesPerStep, int ScheduleRuns, int ChunkRuns, int WholeSteps, int ShallowSteps);

    public static Result Run(DriverDouble driver, SmallProgram program, IScheduler scheduler, DenoisingOptions options, FaceChunk[] chunks, Tensor noise)
    {
        using HostFunctionNetwork step = new(program.Step);
        using HostFunctionNetwork? schedule = Network(program.Schedule), chunk = Network(program.Chunk), shallow = Network(program.ShallowStep);
        DeviceUNetNetworks networks = new(step, SmallProgram.Inputs)
        {
            Schedule = schedule,
            Chunk = chunk,
            ShallowStep = shallow,
            SharesGuidance = program.SharesGuidance,
            Shapes = program.Shapes,
        };
        driver.Device.ResetCounters();
        (float[][] latents, int launches) = Denoise(driver, networks, scheduler, options, chunks, noise);
        return new Result(
            latents, driver.Device.Counters.Captures, launches, schedule?.RunCount ?? 0, chunk?.RunCount ?? 0, step.RunCount, shallow?.RunCount ?? 0);
    }

    /// <summary>As above, over given networks.</summary>
    public static unsafe (float[][] Latents, int LaunchesPerStep) Denoise(
        DriverDouble driver, DeviceUNetNetworks networks, IScheduler scheduler, DenoisingOptions options, FaceChunk[] chunks, Tensor noise)
    {
        Assert.True(scheduler.TryGetDeviceTable(options.GuidanceScale, out DeviceStepTable? table));
        using HostFunctionNetwork unused = new(new FormulaNetwork([], [], _ => { }));
        using DeviceEngines engines = new(driver.Device, new NoSource(), unused, unused, []);
        using DeviceScratch scratch = new(engines.Compute);
        ReadOnlySpan<long> windows = chunks[0].EncoderHiddenStates.Shape, plane = noise.Shape;
        DeviceChunkLayout layout = new((int)plane[0], (int)plane[1], (int)plane[2], 5, (int)windows[1], (int)windows[2], options.GuidanceScale > 1);
        using DeviceChunkDenoiser denoiser = new(networks, layout, table.Shape, new DeviceWork(engines.Compute, engines.Launcher, scratch, null));
        denoiser.BeginJob(table, chunks[0].Mask, noise, options.CacheInterval);
        float[][] latents = new float[chunks.Length][];
        for (int i = 0; i < chunks.Length; i++)
        {
            FaceChunk chunk = chunks[i];
            DeviceView<float> conditioning = denoiser.Conditioning(chunk.FrameCount);
            Place(chunk, new Span<float>((float*)conditioning.Address, (int)conditioning.Length), denoiser.FirstConditioningChannel, layout.Channels);
            using PinnedBuffer audio = driver.Device.CreatePinned(chunk.EncoderHiddenStates.Length * sizeof(float));
            chunk.EncoderHiddenStates.Span.CopyTo(audio.Span<float>(0, chunk.EncoderHiddenStates.Length));
            denoiser.Denoise(chunk.FrameCount, audio, 0, null, default);
            latents[i] = denoiser.ReadLatents(chunk.FrameCount);
        }

        return (latents, denoiser.LaunchesPerStep);
    }

    private static void Place(FaceChunk chunk, Span<float> memory, int first, int channels)
    {
        int frames = chunk.FrameCount, plane = chunk.Mask.Length;
        for (int i = 0; i < frames * channels * plane; i++)
        {
            (int f, int c, int p) = (i / plane / channels, i / plane % channels, i % plane);
            memory[((((first + c) * frames) + f) * plane) + p] = chunk.MaskedLatents.Span[i];
            memory[((((first + channels + c) * frames) + f) * plane) + p] = chunk.ReferenceLatents.Span[i];
        }
    }

    private static HostFunctionNetwork? Network(FormulaNetwork? network) => network is null ? null : new HostFunctionNetwork(network);

    private sealed class NoSource : IDeviceUNetSource
    {
        public UNetProgramOptions Find(IReadOnlyList<UNetProgramOptions> forms, CancellationToken cancellationToken) => throw new NotSupportedException();

        public DeviceUNetNetworks Load(UNetProgramOptions form, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
