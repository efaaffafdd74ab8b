using LatentSync.Pipeline;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>What one job on a GPU leaves for the next.</summary>
[Collection(DriverDouble.Collection)]
public sealed class DeviceReuseTests
{
    // Encoder, decoder and the step at one length.
    private const long Captures = 3;

    [SkippableFact]
    public async Task RunAsync_SecondJobOfTheSameShapes_CapturesNothingAndDependsOnItsOwnContentOnly()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        LipSyncOptions first = Job(folder), other = first with { Seed = 7, GuidanceScale = 2, Start = TimeSpan.FromSeconds(1) };
        using DevicePipeline device = new(driver), fresh = new(driver);
        Assert.Equal(Captures, (await RunAsync(device, first)).Report!.Gpu!.Captures);
        long kept = driver.Alive;

        PipelineRecorder again = await RunAsync(device, other);
        Assert.Equal((0, 1), (again.Report!.Gpu!.Captures, again.Report.Gpu.LaunchesPerStep));
        Assert.Equal(kept, driver.Alive);
        PipelineRecorder alone = await RunAsync(fresh, other);
        Assert.Equal(Captures, alone.Report!.Gpu!.Captures);
        Assert.Equal(alone.Latents, again.Latents);
        Assert.Equal(alone.Frames.Select(frame => frame.Pixels), again.Frames.Select(frame => frame.Pixels));
        Assert.Equal(0, driver.Misuses);
    }

    [SkippableFact]
    public async Task RunAsync_JobsOfOtherShapes_CaptureAnewAndTheLastTwoAreKept()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        LipSyncOptions job = Job(folder), unguided = job with { GuidanceScale = 1 }, longer = job with { Steps = 3 };
        using DevicePipeline device = new(driver);
        List<long> captures = [], alive = [];
        foreach (LipSyncOptions each in new[] { job, unguided, job, unguided, longer, job })
        {
            captures.Add((await RunAsync(device, each)).Report!.Gpu!.Captures);
            alive.Add(driver.Alive);
        }

        Assert.Equal([Captures, Captures, 0, 0, Captures, Captures], captures);
        // A third kind takes the place of one of the two.
        Assert.True(alive[0] < alive[1]);
        Assert.All(alive[2..], count => Assert.Equal(alive[1], count));
    }

    [SkippableFact]
    public async Task RunAsync_NotEnoughMemoryBesideWhatIsKept_GivesThatUp()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver);
        await RunAsync(device, Job(folder));
        long kept = driver.Alive;

        // One allocation fails, early in the job's or late: it is tried again when the other networks are gone.
        foreach ((int nth, int steps) in new[] { (1, 3), (16, 4) })
        {
            driver.Fail("cuMemAllocFromPoolAsync", nth, 2);
            PipelineRecorder job = await RunAsync(device, Job(folder) with { Steps = steps });
            Assert.Equal(Captures, job.Report!.Gpu!.Captures);
            Assert.Equal(kept, driver.Alive);
        }

        // What they took went back to the driver, not only to the pool.
        Assert.Equal(2, driver.Calls("cuMemPoolTrimTo"));
    }

    private static LipSyncOptions Job(TemporaryFolder folder) =>
        DeviceJob.Of(Path.Combine(folder.Path, "out.mp4"), 0.12) with { Overwrite = true };

    private static async Task<PipelineRecorder> RunAsync(DevicePipeline device, LipSyncOptions job)
    {
        PipelineRecorder recorder = new();
        recorder.Report = await device.Pipeline.RunAsync(job with { Observer = recorder });
        return recorder;
    }
}
