using LatentSync.Runtime.Diagnostics;
using LatentSync.Tests.Runtime.TensorRt;
using LatentSync.Tests.Support;

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

    [SkippableTheory]
    [InlineData("11.1.2", false)]
    [InlineData("11.0.0", true)]
    public void TensorRtOnnxParser_LinkToANumberedFile_ShowsItsVersionAndWarnsOfAnother(string version, bool warns)
    {
        string from = NativeBuild.StandIn("tensorrt_complete");
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(from, "libnvinfer.so.11"), folder.File("libnvinfer.so.11"));
        File.Copy(Path.Combine(from, "libnvonnxparser.so.11"), folder.File($"libnvonnxparser.so.{version}"));
        File.CreateSymbolicLink(folder.File("libnvonnxparser.so.11"), $"libnvonnxparser.so.{version}");
        ProbeResult parser = RuntimeProbes.TensorRtOnnxParser(folder.Path);
        Assert.True(parser.Found, parser.Detail);
        Assert.StartsWith($"{version}, {folder.File("libnvonnxparser.so.11")} (libnvonnxparser.so.{version})", parser.Detail, StringComparison.Ordinal);
        Assert.Equal(warns, parser.Detail.Contains("WARNING: TensorRT is 11.1.2", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void TensorRtOnnxParser_FileWithoutAVersion_SaysThatItTellsNone()
    {
        ProbeResult parser = RuntimeProbes.TensorRtOnnxParser(NativeBuild.StandIn("tensorrt_complete"));
        Assert.Contains("its file tells no version", parser.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", parser.Detail, StringComparison.Ordinal);
    }
}
