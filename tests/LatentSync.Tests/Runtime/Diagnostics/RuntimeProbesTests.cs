using LatentSync.Runtime.Diagnostics;
using LatentSync.Tests.Runtime.TensorRt;

namespace LatentSync.Tests.Runtime.Diagnostics;

public sealed class RuntimeProbesTests
{
    [Fact]
    public void All_OnAnyMachine_SaysWhatIsThereOrHowToFixIt()
    {
        IReadOnlyList<ProbeResult> results = RuntimeProbes.All();
        Assert.All(results, result =>
        {
            Assert.False(string.IsNullOrWhiteSpace(result.Detail), result.Name);
            Assert.DoesNotContain('\n', result.Detail);
            Assert.Equal(result.Found, result.Fix.Length == 0);
        });
        Assert.Equal(results.Count, results.Select(result => result.Name).Distinct().Count());
    }

    [Fact]
    public void OnnxRuntime_IsFoundWithItsCpuProvider()
    {
        ProbeResult result = RuntimeProbes.OnnxRuntime();
        Assert.True(result.Found, result.Detail);
        Assert.Contains("CPUExecutionProvider", result.Detail, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void CudaDriver_StandIn_ListsItsDevices()
    {
        ProbeResult result = RuntimeProbes.CudaDriver(NativeBuild.StandIn("cuda_two_devices", "libcuda.so.1"));
        Assert.True(result.Found, result.Detail);
        Assert.Contains("CUDA 12.4, 0: Fake One, 24.0 GiB, compute capability 8.6", result.Detail, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void TensorRtOnnxParser_Missing_IsNotFoundThoughTensorRtIs()
    {
        string folder = NativeBuild.StandIn("tensorrt_10");
        Assert.True(RuntimeProbes.TensorRt(folder).Found);
        ProbeResult parser = RuntimeProbes.TensorRtOnnxParser(folder);
        Assert.False(parser.Found);
        Assert.Contains("libnvonnxparser.so.10", parser.Detail, StringComparison.Ordinal);
    }
}
