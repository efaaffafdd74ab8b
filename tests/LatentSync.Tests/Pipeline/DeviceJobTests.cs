using LatentSync.Kernels;
using LatentSync.Pipeline;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>
/// Whole jobs on the GPU's path, held against the CPU's: same latents, same pixels up to float32 rounding. The driver is the double, the kernels are the
/// shipped PTX, the networks ONNX Runtime's; what is not tested here is a GPU's own arithmetic, timing and TensorRT.
/// </summary>
[Collection(DriverDouble.Collection)]
public class DeviceJobTests
{
    [SkippableTheory]
    [InlineData(1.5, "ddim", 0.72)]
    [InlineData(1, "unipc", 0.12)]
    [InlineData(1.5, "lcm", 0.12)]
    public async Task RunAsync_OnTheDevice_GivesTheCpusLatentsAndPixels(double guidance, string scheduler, double seconds)
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        LipSyncOptions job = Job(folder) with { GuidanceScale = guidance, Scheduler = scheduler, Steps = 3, Duration = TimeSpan.FromSeconds(seconds) };
        PipelineRecorder expected = new(), actual = new();
        using (LipSyncPipeline host = LipSyncPipeline.Load(ImportedDemoPack.Path))
        {
            await host.RunAsync(job with { Observer = expected });
        }

        using (DevicePipeline device = new(driver))
        {
            await device.Pipeline.RunAsync(job with { Observer = actual, Overwrite = true });
        }

        // Sums in another order and products fused differently, through three runs of the network: 1e-4 is far above that and far below a wrong frame.
        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 0, 1e-4);
        // Bytes differ by one where float32 rounding crosses a whole number.
        DeviceJob.AssertFrames(expected, actual, 60);
        Assert.Equal(0, driver.Misuses);
    }

    [SkippableFact]
    public async Task RunAsync_OnTheDevice_SendsEachFrameUpOnceAndDownOnce()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver);
        LipSyncOptions job = Job(folder) with { Steps = 3 };
        LipSyncReport warm = await device.Pipeline.RunAsync(ShortJob(folder) with { OutputPath = Path.Combine(folder.Path, "warm.mp4") });
        driver.Device.ResetCounters();
        LipSyncReport report = await device.Pipeline.RunAsync(job);

        CudaCounters counters = driver.Device.Counters;
        long frameSize = RgbImage.SizeInBytes(640, 480);
        // 18 frames of speech and the one or two past it that the original denoises too: a chunk of 16 and a short one.
        const int Chunks = 2;
        // What is the same for all chunks: mask, noise and step table for the loop, mask and tables for the pixels.
        const int SetupCopies = 5;
        Assert.Equal(report.FrameCount, counters.CopiesToHost);
        Assert.Equal(report.FrameCount * frameSize, counters.BytesToHost);
        long denoised = counters.CopiesToDevice - Chunks - SetupCopies;
        Assert.InRange(denoised, report.FrameCount, report.FrameCount + 2);
        Assert.True(counters.BytesToDevice < (denoised * frameSize) + (4 << 20), $"{counters.BytesToDevice} bytes for {denoised} frames");
        Assert.Empty(warm.Warnings);
    }

    [SkippableFact]
    public async Task RunAsync_OnTheDevice_CapturesOncePerChunkLengthAndLaunchesOncePerStep()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver);
        LipSyncReport report = await device.Pipeline.RunAsync(Job(folder) with { Steps = 4 });

        Assert.NotNull(report.Gpu);
        Assert.Equal((1, 4), (report.Gpu.LaunchesPerStep, report.Gpu.Captures));
        Assert.InRange(report.Gpu.PeakMemoryInBytes, 1, 256 << 20);
        CudaCounters counters = driver.Device.Counters;
        // Encoder, decoder, and the denoising step at two lengths. The first run of each is plain, every later one a launch.
        Assert.Equal(4, counters.Captures);
        Assert.Equal((device.Encoder.RunCount - 1) + (report.FrameCount - 1) + (2 * 3), counters.GraphLaunches);
        Assert.Equal(report.FrameCount, device.Decoder.RunCount);
        Assert.Equal(2 * 4, device.UNet.RunCount);
        Assert.Equal(2 * 4, driver.Launches("LinearStep"));
    }

    [SkippableFact]
    public async Task RunAsync_CaptureUnsupported_WarnsOnceInEachJobAndGivesTheSamePixels()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        PipelineRecorder captured = new();
        LipSyncOptions job = ShortJob(folder) with { Overwrite = true };
        using (DevicePipeline device = new(driver))
        {
            await device.Pipeline.RunAsync(job with { Observer = captured });
        }

        driver.SetCapture(false);
        using (DevicePipeline device = new(driver))
        {
            // What could not be captured is tried anew by the next job, and told of again.
            for (int run = 0; run < 2; run++)
            {
                PipelineRecorder plain = new();
                LipSyncReport report = await device.Pipeline.RunAsync(job with { Observer = plain });
                Assert.StartsWith(
                    "the work of the VAE's encoder, the UNet, the VAE's decoder cannot be captured into CUDA graphs and is enqueued piece by piece", Assert.Single(report.Warnings), StringComparison.Ordinal);
                Assert.Equal(captured.Frames.Select(frame => frame.Pixels), plain.Frames.Select(frame => frame.Pixels));
            }

            driver.SetCapture(true);
            Assert.Empty((await device.Pipeline.RunAsync(job)).Warnings);
        }
    }

    // CUDA_ERROR_OUT_OF_MEMORY hinders the graph, not the job.
    [SkippableTheory]
    [InlineData("cuStreamBeginCapture_v2")]
    [InlineData("cuStreamEndCapture")]
    [InlineData("cuGraphLaunch")]
    public async Task RunAsync_NoMemoryForAGraph_NamesTheNetworkAndEndsWell(string function)
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using (DevicePipeline device = new(driver))
        {
            driver.Fail(function, 1, 2);
            LipSyncReport report = await device.Pipeline.RunAsync(ShortJob(folder));
            string warning = Assert.Single(report.Warnings);
            Assert.StartsWith("the work of the VAE's encoder cannot be captured", warning, StringComparison.Ordinal);
            Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY", warning, StringComparison.Ordinal);
        }

        Assert.Equal(0, driver.Misuses);
    }

    [SkippableTheory]
    [InlineData("cuMemAllocFromPoolAsync", 5, 2, typeof(DeviceOutOfMemoryException))]
    [InlineData("cuMemHostAlloc", 2, 2, typeof(DeviceOutOfMemoryException))]
    [InlineData("cuLaunchKernel", 3, 701, typeof(KernelLaunchException))]
    [InlineData("cuGraphLaunch", 3, 719, typeof(DeviceLostException))]
    [InlineData("cuEventSynchronize", 2, 700, typeof(DeviceLostException))]
    public async Task RunAsync_DeviceFails_ThrowsItsOwnExceptionAndLeavesNoFile(string function, int nth, int result, Type exception)
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using (DevicePipeline device = new(driver))
        {
            long before = driver.Alive;
            driver.Fail(function, nth, result);
            await Assert.ThrowsAsync(exception, () => device.Pipeline.RunAsync(ShortJob(folder)));
            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
            Assert.Equal(before, driver.Alive);
        }

        Assert.Equal(0, driver.Misuses);
    }

    [SkippableFact]
    public async Task RunAsync_Cancelled_KeepsTheNetworksAndNothingElse()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        long before = driver.Alive;
        using (DevicePipeline device = new(driver))
        {
            // The networks are captured by a job that ends well; those that are cancelled add nothing to them.
            LipSyncOptions job = ShortJob(folder) with { Steps = 8, Overwrite = true };
            PipelineRecorder first = new(), last = new();
            await device.Pipeline.RunAsync(job with { Observer = first });
            long kept = driver.Alive;
            for (int run = 0; run < 2; run++)
            {
                using CancellationTokenSource cancel = new();
                File.Delete(job.OutputPath);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => device.Pipeline.RunAsync(job, new CancelOnDenoising(cancel), cancel.Token));
                Assert.Equal(kept, driver.Alive);
                Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
            }

            Assert.Equal(0, (await device.Pipeline.RunAsync(job with { Observer = last })).Gpu!.Captures);
            Assert.Equal(first.Frames.Select(frame => frame.Pixels), last.Frames.Select(frame => frame.Pixels));
        }

        Assert.Equal(before, driver.Alive);
    }

    // One short chunk.
    private static LipSyncOptions ShortJob(TemporaryFolder folder) => Job(folder) with { Duration = TimeSpan.FromSeconds(0.12) };

    private static LipSyncOptions Job(TemporaryFolder folder) => DeviceJob.Of(Path.Combine(folder.Path, "out.mp4"), 0.72);

    private sealed class CancelOnDenoising(CancellationTokenSource cancel) : IProgress<LipSyncProgress>
    {
        public void Report(LipSyncProgress value)
        {
            if (value.Stage == LipSyncStage.Denoising)
            {
                cancel.Cancel();
            }
        }
    }
}
