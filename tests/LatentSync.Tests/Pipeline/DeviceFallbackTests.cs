using System.Diagnostics.CodeAnalysis;
using LatentSync.Denoising;
using LatentSync.Models.Configuration;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>A sampler that is no table, for which the GPU's loop has no kernels.</summary>
[Collection(DriverDouble.Collection)]
public sealed class DeviceFallbackTests
{
    [SkippableFact]
    public async Task RunAsync_BackendIsAuto_RunsOnOnnxRuntimeAndSaysWhy()
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver);
        LipSyncOptions job = DeviceJob.Of(Path.Combine(folder.Path, "out.mp4"), 0.12);
        LipSyncReport report = await new LipSyncJob(device.Engines, job, null) { Scheduler = new Untabled() }.RunAsync(CancellationToken.None);
        Assert.StartsWith("ONNX Runtime (cpu", report.Backend, StringComparison.Ordinal);
        Assert.Null(report.Gpu);
        string warning = Assert.Single(report.Warnings);
        Assert.Contains("does not run on a GPU: this job ran on ONNX Runtime", warning, StringComparison.Ordinal);
        Assert.Contains("not on double", warning, StringComparison.Ordinal);
        Assert.Equal(0, device.UNet.RunCount);
        Assert.True(File.Exists(job.OutputPath));

        // The next job that the GPU can run, it runs.
        LipSyncReport next = await device.Pipeline.RunAsync(job with { Overwrite = true });
        Assert.Equal("double", next.Backend);
        Assert.Empty(next.Warnings);
    }

    [SkippableTheory]
    [InlineData(InferenceBackend.TensorRt, null)]
    [InlineData(InferenceBackend.Auto, EnginePrecision.Fp16)]
    public async Task RunAsync_SomethingElseWasAskedFor_Fails(InferenceBackend backend, EnginePrecision? precision)
    {
        using DriverDouble driver = new();
        using TemporaryFolder folder = new();
        using DevicePipeline device = new(driver, new LipSyncEngineOptions { Backend = backend, Precision = precision });
        LipSyncOptions job = DeviceJob.Of(Path.Combine(folder.Path, "out.mp4"), 0.12);
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(
            () => new LipSyncJob(device.Engines, job, null) { Scheduler = new Untabled() }.RunAsync(CancellationToken.None));
        Assert.Equal(LatentSyncError.Usage, error.Error);
        Assert.Contains("--backend onnx", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private sealed class Untabled : IScheduler
    {
        private readonly IScheduler _ddim = SchedulerFactory.Create("ddim", SchedulerConfig.Official, 2);

        public IReadOnlyList<float> Timesteps => _ddim.Timesteps;

        public double InitNoiseSigma => _ddim.InitNoiseSigma;

        public void Reset() => _ddim.Reset();

        public void ScaleModelInput(int stepIndex, ReadOnlySpan<float> sample, Span<float> destination) => _ddim.ScaleModelInput(stepIndex, sample, destination);

        public void Step(int stepIndex, ReadOnlySpan<float> modelOutput, Span<float> sample) => _ddim.Step(stepIndex, modelOutput, sample);

        public bool TryGetLinearStep(int stepIndex, out float sampleFactor, out float outputFactor) => _ddim.TryGetLinearStep(stepIndex, out sampleFactor, out outputFactor);

        public bool TryGetDeviceTable(double guidanceScale, [NotNullWhen(true)] out DeviceStepTable? table)
        {
            table = null;
            return false;
        }
    }
}
