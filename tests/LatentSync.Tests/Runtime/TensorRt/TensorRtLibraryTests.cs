using LatentSync.Runtime;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt;

namespace LatentSync.Tests.Runtime.TensorRt;

public sealed class TensorRtLibraryTests
{
    [SkippableFact]
    public void Open_LibraryAndParser_ReportsVersionAndPaths()
    {
        string folder = NativeBuild.StandIn("tensorrt_complete");
        using TensorRtLibrary library = TensorRtLibrary.Open(folder);
        Assert.Equal(new Version(11, 1, 2), library.Version);
        Assert.Equal(Path.Combine(folder, "libnvinfer.so.11"), library.LibraryPath);
        Assert.Equal(Path.Combine(folder, "libnvonnxparser.so.11"), library.OnnxParserPath);
        Assert.Null(library.OnnxParserFailure);
    }

    [SkippableFact]
    public void Open_RelativeFolder_IsTakenFromTheRoot()
    {
        string folder = NativeBuild.StandIn("tensorrt_complete");
        using TensorRtLibrary library = TensorRtLibrary.Open(Path.GetRelativePath(Environment.CurrentDirectory, folder));
        Assert.Equal(Path.Combine(folder, "libnvinfer.so.11"), library.LibraryPath);
        Assert.Null(TensorRtLibrary.Folder(string.Empty));
        Assert.Equal(LatentSyncError.Usage, Assert.Throws<LatentSyncException>(() => TensorRtLibrary.Open("a\0b")).Error);
    }

    [SkippableFact]
    public void Open_WithoutParser_SaysWhatWasTried()
    {
        using TensorRtLibrary library = TensorRtLibrary.Open(NativeBuild.StandIn("tensorrt_10"), major: 10);
        Assert.Equal(new Version(10, 16, 3), library.Version);
        Assert.Null(library.OnnxParserPath);
        Assert.Contains("libnvonnxparser.so.10", library.OnnxParserFailure, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_EmptyFolder_NamesEveryFileTried()
    {
        string folder = NativeBuild.StandIn("cuda_empty");
        VendorLibraryMissingException error = Assert.Throws<VendorLibraryMissingException>(() => TensorRtLibrary.Open(folder));
        Assert.Contains(Path.Combine(folder, "libnvinfer.so.11"), error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder, "libnvinfer.so.10"), error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_UnsupportedMajor_IsAUsageError()
    {
        string folder = NativeBuild.StandIn("tensorrt_10");
        Assert.Equal(LatentSyncError.Usage, Assert.Throws<NativeArgumentException>(() => TensorRtLibrary.Open(folder, major: 8)).Error);
    }
}
