using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Tests.Runtime.OnnxRuntime;

/// <summary>What is told to ONNX Runtime's GPU providers, which the default build does not have.</summary>
public sealed class OnnxProviderSetupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("latentsync-");

    [Theory]
    [InlineData(0, false, "0", "0")]
    [InlineData(12, true, "12", "1")]
    public void CudaOptions_OfASession_AreTheProvidersNames(int device, bool graph, string deviceText, string graphText)
    {
        OnnxRuntimeOptions options = new() { Provider = OnnxExecutionProvider.Cuda, Device = device, CudaGraph = graph };
        Dictionary<string, string> expected = new() { ["device_id"] = deviceText, ["enable_cuda_graph"] = graphText, ["use_tf32"] = "0" };
        Assert.Equal(expected, OnnxProviderSetup.CudaOptions(options));
    }

    [Fact]
    public void TensorRtOptions_WithoutAFolder_KeepNoEngines()
    {
        Dictionary<string, string> expected = new() { ["device_id"] = "1", ["trt_cuda_graph_enable"] = "1" };
        Assert.Equal(expected, OnnxProviderSetup.TensorRtOptions(new OnnxRuntimeOptions { Device = 1, CudaGraph = true, EngineCachePrefix = "unet-1" }));
    }

    [Fact]
    public void TensorRtOptions_WithAFolder_NameEnginesAfterTheModel()
    {
        Dictionary<string, string> expected = new()
        {
            ["device_id"] = "0",
            ["trt_cuda_graph_enable"] = "0",
            ["trt_engine_cache_enable"] = "1",
            ["trt_engine_cache_path"] = _folder.FullName,
            ["trt_engine_cache_prefix"] = "unet-1",
            ["trt_timing_cache_enable"] = "1",
            ["trt_timing_cache_path"] = _folder.FullName,
        };
        Assert.Equal(expected, OnnxProviderSetup.TensorRtOptions(new OnnxRuntimeOptions { EngineCacheFolder = _folder.FullName, EngineCachePrefix = "unet-1" }));
    }

    [Fact]
    public void TensorRtOptions_FolderWithoutPrefix_AreRefused() =>
        Assert.Throws<ArgumentException>(() => OnnxProviderSetup.TensorRtOptions(new OnnxRuntimeOptions { EngineCacheFolder = _folder.FullName }));

    [Fact]
    public void CreateCacheFolder_NotThere_IsMadeWithItsParents()
    {
        string folder = Path.Combine(_folder.FullName, "a", "b");
        OnnxProviderSetup.CreateCacheFolder(folder);
        Assert.True(Directory.Exists(folder));
    }

    [Fact]
    public void CreateCacheFolder_BelowAFile_NamesItInOneLine()
    {
        string file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "no folder");
        string folder = Path.Combine(file, "engines");
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => OnnxProviderSetup.CreateCacheFolder(folder));
        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Add_CpuProvider_NeedsNothing()
    {
        using SessionOptions session = new();
        OnnxProviderSetup.Add(session, new OnnxRuntimeOptions());
    }

    [SkippableTheory]
    [InlineData(OnnxExecutionProvider.Cuda, "CUDAExecutionProvider")]
    [InlineData(OnnxExecutionProvider.TensorRt, "TensorrtExecutionProvider")]
    public void Add_ProviderThatThisBuildLacks_NamesThoseItHasAndTheFixInOneLine(OnnxExecutionProvider provider, string wanted)
    {
        string[] available = OrtEnv.Instance().GetAvailableProviders();
        Skip.If(available.Contains(wanted), $"this build has the {wanted}");
        using SessionOptions session = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => OnnxProviderSetup.Add(session, new OnnxRuntimeOptions { Provider = provider }));
        Assert.Equal(LatentSyncError.Environment, error.Error);
        Assert.All(available.Append(wanted).Append("-p:OnnxRuntimeGpu=true").Append("--ep cpu"), text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("CUDAExecutionProvider", "CUDA and cuDNN in")]
    [InlineData("TensorrtExecutionProvider", "cuDNN and TensorRT in")]
    public void Unusable_LibraryOfCudaMissing_NamesItAndWhatToInstallInOneLine(string wanted, string needed)
    {
        DllNotFoundException cause = new("Failed to load library providers.so with error: libcublasLt.so.13: cannot open shared object file\nmore");
        LatentSyncException error = OnnxProviderSetup.Unusable(wanted, cause);
        Assert.Equal(LatentSyncError.Environment, error.Error);
        Assert.Same(cause, error.InnerException);
        Assert.All(new[] { wanted, "libcublasLt.so.13", needed, "--ep cpu" }, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
