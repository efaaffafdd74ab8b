using System.Globalization;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.TensorRt;
using Microsoft.ML.OnnxRuntime;
using Driver = LatentSync.Runtime.Cuda.CudaDriver;

namespace LatentSync.Runtime.Diagnostics;

/// <summary>Looks for everything that can run a network on this machine. No probe throws for what is missing.</summary>
public static class RuntimeProbes
{
    /// <summary>All probes, the most needed first.</summary>
    public static IReadOnlyList<ProbeResult> All() => [OnnxRuntime(), NativeRuntime(), CudaDriver(), TensorRt(), TensorRtOnnxParser(), TensorRtBinding()];

    /// <summary>ONNX Runtime: its version and the execution providers compiled into it.</summary>
    public static ProbeResult OnnxRuntime() => Run(
        "ONNX Runtime",
        "install the package Microsoft.ML.OnnxRuntime for this platform; on Windows it needs the Visual C++ runtime",
        () => $"{OrtEnv.Instance().GetVersionString()}, providers {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}");

    /// <summary>The native library that binds CUDA and TensorRT.</summary>
    public static ProbeResult NativeRuntime() => Run(
        "Native runtime",
        "build it with './build.sh build'",
        () =>
        {
            NativeRuntimeInfo info = NativeRuntimeInfo.Load();
            return $"{info.Version}, {info.Flavour}, ABI {info.AbiVersion}{(info.IsDebug ? ", debug build" : string.Empty)}, {info.Path}";
        });

    /// <summary>The CUDA driver and its devices.</summary>
    /// <param name="libraryPath">The driver library; null for the usual one.</param>
    public static ProbeResult CudaDriver(string? libraryPath = null) => Run(
        "CUDA driver",
        $"install NVIDIA's driver; in a container, pass the GPU through; {Driver.LibraryVariable} names the library where the system's loader does not know it",
        () =>
        {
            using Driver driver = Driver.Open(libraryPath);
            return $"release {driver.Release}, CUDA {driver.CudaVersion}, {string.Join("; ", driver.Devices.Select(Describe))}, {driver.LibraryPath}";
        });

    /// <summary>TensorRT's inference library.</summary>
    /// <param name="directory">The only folder to look in; null for the usual places.</param>
    public static ProbeResult TensorRt(string? directory = null) => Run(
        "TensorRT",
        $"install TensorRT 10 or 11; set {TensorRtLibrary.DirectoryVariable} to its lib folder if the system's loader does not know it",
        () =>
        {
            using TensorRtLibrary library = TensorRtLibrary.Open(directory);
            return $"{library.Version}, {library.LibraryPath}";
        });

    /// <summary>TensorRT's ONNX parser, without which plans can be run but not built; says so if it comes from another release than TensorRT itself.</summary>
    /// <param name="directory">The only folder to look in; null for the usual places.</param>
    public static ProbeResult TensorRtOnnxParser(string? directory = null) => Run(
        "TensorRT ONNX parser",
        "install TensorRT's ONNX parser of the same version as its inference library, in the same folder",
        () =>
        {
            using TensorRtLibrary library = TensorRtLibrary.Open(directory);
            return library.OnnxParserPath is { } path ? DescribeParser(library, path) : throw new LatentSyncException(LatentSyncError.Environment, library.OnnxParserFailure!);
        });

    /// <summary>The flavour of the native library that drives TensorRT, without which neither plans are built nor run.</summary>
    public static ProbeResult TensorRtBinding() => Run(
        "TensorRT binding",
        NativeRuntimeInfo.FlavourFix,
        () =>
        {
            NativeRuntimeInfo info = NativeRuntimeInfo.Load();
            return info.TensorRtHeaders is not null
                ? $"{info.Flavour}, {info.Path}"
                : throw new LatentSyncException(LatentSyncError.Environment, $"the native library has CUDA only; tried {string.Join("; ", info.Attempts)}");
        });

    private static string DescribeParser(TensorRtLibrary library, string path)
    {
        string version = library.OnnxParserVersion?.ToString() ?? "its file tells no version";
        string file = library.OnnxParserFile == path ? path : $"{path} ({Path.GetFileName(library.OnnxParserFile)})";
        string warning = library.OnnxParserVersion is { } of && of != library.Version
            ? $"; WARNING: TensorRT is {library.Version}, and building engines with a parser of another release may fail: install the parser of {library.Version}"
            : string.Empty;
        return $"{version}, {file}{warning}";
    }

    private static string Describe(CudaDeviceInfo device) => string.Create(
        CultureInfo.InvariantCulture,
        $"{device.Ordinal}: {device.Name}, {device.TotalMemoryInBytes / (double)(1L << 30):0.0} GiB, compute capability {device.ComputeCapability}");

    private static ProbeResult Run(string name, string fix, Func<string> describe)
    {
        try
        {
            return new ProbeResult(name, true, describe(), string.Empty);
        }
        catch (Exception exception) when (exception is LatentSyncException or OnnxRuntimeException or DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            Exception cause = exception is TypeInitializationException { InnerException: { } inner } ? inner : exception;
            return new ProbeResult(name, false, cause.Message.ReplaceLineEndings(" ").Trim(), fix);
        }
    }
}
