using LatentSync.Models.Rewrites;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>Whole jobs on the GPU's path whose UNet is rewritten, cached or both, held against the CPU's. What runs is described at <see cref="DeviceJobTests"/>.</summary>
[Collection(DriverDouble.Collection)]
public sealed class DeviceProgramJobTests
{
    // As for the plain network: sums in another order and products fused differently.
    private const double Latents = 1e-4, Psnr = 60;

    [SkippableTheory]
    [InlineData(false, 3, 1.5, "ddim")]
    [InlineData(true, 3, 1.5, "dpmpp2m")]
    [InlineData(true, 1, 1, "lcm")]
    public async Task RunAsync_OtherFormsOfTheUNet_GiveTheCpusLatentsAndPixels(bool isRewritten, int cacheInterval, double guidance, string scheduler)
    {
        const int steps = 4;
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        LipSyncOptions job = Job(folder) with { Steps = steps, CacheInterval = cacheInterval, GuidanceScale = guidance, Scheduler = scheduler };
        PipelineRecorder expected = new(), actual = new();
        using (LipSyncPipeline host = LipSyncPipeline.Load(ImportedDemoPack.Path))
        {
            await host.RunAsync(job with { Observer = expected });
        }

        using DevicePipeline device = new(driver, has: form => isRewritten || form.Rewrites == UNetRewrites.None);
        LipSyncReport report = await device.Pipeline.RunAsync(job with { Observer = actual });

        Assert.Equal("double", report.Backend);
        Assert.Empty(report.Warnings);
        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 0, Latents);
        DeviceJob.AssertFrames(expected, actual, Psnr);
        // Encoder, decoder and each kind of step, at one length. A kind that runs once is not captured.
        int whole = (steps + cacheInterval - 1) / cacheInterval, shallow = steps - whole;
        Assert.Equal(2 + new[] { whole, shallow }.Count(runs => runs > 1), report.Gpu!.Captures);
        Assert.Equal((whole, shallow), (device.UNet.Runs(UNetPart.Step), device.UNet.Runs(UNetPart.ShallowStep)));
        Assert.Equal(isRewritten ? (steps, 1) : (0, 0), (device.UNet.Runs(UNetPart.Schedule), device.UNet.Runs(UNetPart.Chunk)));
        Assert.Equal(0, driver.Misuses);
    }

    [SkippableFact]
    public async Task RunAsync_JobsOfSeveralForms_LoadEachWhenItIsAskedForAndLeaveNothing()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        long before = driver.Alive;
        using (DevicePipeline device = new(driver, has: form => form.Rewrites == UNetRewrites.None))
        {
            LipSyncOptions plain = Job(folder), cached = plain with { CacheInterval = 2 };
            List<long> captures = [];
            foreach (LipSyncOptions job in new[] { plain, cached, cached with { CacheInterval = 3 }, plain })
            {
                captures.Add((await device.Pipeline.RunAsync(job)).Gpu!.Captures);
            }

            // Another interval runs the same networks, and captures what ran only once before.
            Assert.Equal([null, 0, null], device.UNet.Loads.Select(form => form.CacheBranch));
            Assert.Equal(captures[0], captures[3]);
        }

        Assert.Equal(before, driver.Alive);
    }

    [SkippableFact]
    public async Task RunAsync_RewritesNotWanted_TakesThePlainNetwork()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver, new LipSyncEngineOptions { Rewrites = UNetRewrites.None }, has: _ => true);
        await device.Pipeline.RunAsync(Job(folder));
        Assert.True(Assert.Single(device.UNet.Loads).IsPlain);
    }

    [SkippableFact]
    public async Task RunAsync_NetworksMissingBackendIsAuto_RunsOnOnnxRuntimeAndSaysWhy()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver);
        LipSyncReport report = await device.Pipeline.RunAsync(Job(folder) with { CacheInterval = 3 });
        Assert.StartsWith("ONNX Runtime (cpu", report.Backend, StringComparison.Ordinal);
        string warning = Assert.Single(report.Warnings);
        Assert.Contains("--cache-branch 0", warning, StringComparison.Ordinal);
        Assert.Contains("this job ran on ONNX Runtime", warning, StringComparison.Ordinal);

        LipSyncReport next = await device.Pipeline.RunAsync(Job(folder));
        Assert.Equal("double", next.Backend);
        Assert.Empty(next.Warnings);
    }

    [SkippableFact]
    public async Task RunAsync_NetworksMissingBackendIsTensorRt_IsRefusedWithTheFix()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver, new LipSyncEngineOptions { Backend = InferenceBackend.TensorRt });
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => device.Pipeline.RunAsync(Job(folder) with { CacheInterval = 3, CacheBranch = 1 }));
        Assert.Contains("--cache-branch 1", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    // One short chunk.
    private static LipSyncOptions Job(TemporaryFolder folder) => DeviceJob.Of(Path.Combine(folder.Path, "out.mp4"), 0.12) with { Overwrite = true };
}
