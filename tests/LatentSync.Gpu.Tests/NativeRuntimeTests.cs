using LatentSync.Kernels;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Gpu.Tests;

/// <summary>The native runtime on a real GPU: the shipped PTX compiles, computes, and can be captured; skipped, with the driver's reason, without one.</summary>
public sealed class NativeRuntimeTests
{
    private const int Length = 4 * 16 * 32 * 32;

    [SkippableFact]
    public void Prepare_EveryShippedKernel_Compiles()
    {
        using CudaDevice device = Open();
        using CudaStream stream = device.CreateStream();
        using CudaKernelLauncher launcher = new(stream, Library(device).ReadText);
        launcher.Prepare(DeviceKernels.All.Select(kernel => kernel.Name));
    }

    [SkippableFact]
    public void GuidedStep_PlainThenCaptured_EqualsTheCpusTwice()
    {
        using CudaDevice device = Open();
        using CudaStream stream = device.CreateStream();
        using CudaKernelLauncher launcher = new(stream, Library(device).ReadText);
        Random random = new(5);
        float[] silent = Values(random), spoken = Values(random), expected = Values(random), actual = [.. expected];
        using DeviceBuffer first = Upload(stream, silent), second = Upload(stream, spoken), sample = Upload(stream, actual);
        using CapturedSequence sequence = new(
            stream,
            () => launcher.GuidedStep(first.View<float>(0, Length), second.View<float>(0, Length), sample.View<float>(0, Length), 1.5f, 0.9f, -0.3f),
            warn: reason => Assert.Fail(reason));
        SimdKernels host = new();
        for (int run = 0; run < 3; run++)
        {
            sequence.Run();
            host.GuidedStep(silent, spoken, 1.5f, 0.9f, -0.3f, expected);
            stream.DownloadAndWait<float>(sample, actual);
            // A GPU may fuse products and sums where the CPU rounds twice: a few units in the last place of values around 1.
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1e-5f, 1e-5f));
        }

        Assert.True(sequence.IsCaptured);
        Assert.Equal(1, device.Counters.Captures);
    }

    private static PtxLibrary Library(CudaDevice device) =>
        PtxLibrary.Open(device.Info.ComputeCapability.Major, device.Info.ComputeCapability.Minor);

    private static float[] Values(Random random) => [.. Enumerable.Range(0, Length).Select(_ => (float)((random.NextDouble() * 2) - 1))];

    private static DeviceBuffer Upload(CudaStream stream, float[] values)
    {
        DeviceBuffer buffer = stream.Allocate(values.Length * sizeof(float));
        stream.UploadAndWait<float>(values, buffer);
        return buffer;
    }

    private static CudaDevice Open()
    {
        try
        {
            return CudaDevice.Open(CudaDriver.Open());
        }
        catch (LatentSyncException exception) when (exception.Error == LatentSyncError.Environment)
        {
            Skip.If(true, exception.Message);
            throw;
        }
    }
}
