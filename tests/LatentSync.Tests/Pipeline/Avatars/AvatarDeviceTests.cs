using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline.Avatars;

[Collection(DriverDouble.Collection)]
public sealed class AvatarDeviceTests
{
    [SkippableFact]
    public async Task RunAsync_BackendIsAuto_RunsOnOnnxRuntimeAndSaysWhy()
    {
        using DriverDouble driver = new();
        using AvatarBench bench = new();
        await AvatarBench.MakeAsync(bench.Options("a.avatar"));
        using Avatar avatar = await Avatar.OpenAsync(bench["a.avatar"]);
        using DevicePipeline device = new(driver);

        LipSyncReport report = await device.Pipeline.RunAsync(bench.With(avatar, "out.mp4"));

        Assert.StartsWith("ONNX Runtime (cpu", report.Backend, StringComparison.Ordinal);
        Assert.Contains("avatars are not used on a GPU", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, device.UNet.RunCount);
    }

    [SkippableFact]
    public async Task RunAsync_BackendIsTensorRt_IsRefusedWithTheFix()
    {
        using DriverDouble driver = new();
        using AvatarBench bench = new();
        await AvatarBench.MakeAsync(bench.Options("a.avatar"));
        using Avatar avatar = await Avatar.OpenAsync(bench["a.avatar"]);
        using DevicePipeline device = new(driver, new LipSyncEngineOptions { Backend = InferenceBackend.TensorRt });

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => device.Pipeline.RunAsync(bench.With(avatar, "out.mp4")));

        Assert.Equal(LatentSyncError.Usage, error.Error);
        Assert.Contains("--backend onnx", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(bench["out.mp4"]));
    }
}
