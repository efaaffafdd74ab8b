using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline.Avatars;

[Collection(DriverDouble.Collection)]
public sealed class AvatarDeviceTests
{
    [SkippableFact]
    public async Task RunAsync_AvatarOnAGpu_EncodesNothingAndGivesTheCpusPictures()
    {
        using DriverDouble driver = new();
        using AvatarBench bench = new();
        await AvatarBench.MakeAsync(bench.Options("a.avatar"));
        using Avatar avatar = await Avatar.OpenAsync(bench["a.avatar"]);
        PipelineRecorder expected = new(), actual = new();
        using (LipSyncPipeline host = LipSyncPipeline.Load(ImportedDemoPack.Path))
        {
            await host.RunAsync(bench.With(avatar, "host.mp4") with { Observer = expected });
        }

        using DevicePipeline device = new(driver);
        LipSyncReport report = await device.Pipeline.RunAsync(bench.With(avatar, "device.mp4") with { Observer = actual });

        Assert.Equal("double", report.Backend);
        Assert.Empty(report.Warnings);
        Assert.Equal((0, 0), (report.Calls.FaceDetector, report.Calls.VaeEncoder));
        Assert.Equal(0, device.Encoder.RunCount);

        // As without an avatar (DeviceJobTests): the same latents go in, and two runs of the network differ by rounding alone.
        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 0, 1e-4);
        DeviceJob.AssertFrames(expected, actual, 60);
        Assert.Equal(0, driver.Misuses);
    }
}
