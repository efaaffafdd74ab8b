using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Everything that building engines takes: TensorRT with its ONNX parser, the native library's flavour for it, a GPU.</summary>
public sealed class EngineToolchain : IDisposable
{
    private readonly TensorRtLibrary _tensorRt;
    private readonly CudaDriver _driver;
    private readonly CudaDevice _device;

    private EngineToolchain(TensorRtLibrary tensorRt, CudaDriver driver, CudaDevice device)
    {
        (_tensorRt, _driver, _device) = (tensorRt, driver, device);
        Target = new EngineTarget(tensorRt.Version, device.Info.Name, device.Info.ComputeCapability, driver.CudaVersion);
        PlanBuilder = new NativePlanBuilder(tensorRt, device, Target);
    }

    /// <summary>What engines of this machine are tied to.</summary>
    public EngineTarget Target { get; }

    /// <summary>TensorRT's builder.</summary>
    public IPlanBuilder PlanBuilder { get; }

    /// <summary>Opens all of it.</summary>
    /// <param name="ordinal">The GPU, by the driver's number.</param>
    /// <exception cref="LatentSyncException">Something is missing; the message names it, what was tried, and the fix.</exception>
    public static EngineToolchain Open(int ordinal = 0)
    {
        TensorRtLibrary tensorRt = OpenTensorRt();
        CudaDriver? driver = null;
        try
        {
            if (NativeRuntimeInfo.Load() is { TensorRtHeaders: null } native)
            {
                throw new NativeUnsupportedException(
                    $"TensorRT {tensorRt.Version} is there, but the native library {native.Path} has CUDA only (tried {string.Join("; ", native.Attempts)}). {NativeRuntimeInfo.FlavourFix}");
            }

            if (tensorRt.OnnxParserFailure is { } failure)
            {
                throw new VendorLibraryMissingException($"{failure}; install TensorRT's ONNX parser of version {tensorRt.Version} beside {tensorRt.LibraryPath}");
            }

            driver = CudaDriver.Open();
            return new EngineToolchain(tensorRt, driver, CudaDevice.Open(driver, ordinal));
        }
        catch
        {
            driver?.Dispose();
            tensorRt.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _device.Dispose();
        _driver.Dispose();
        _tensorRt.Dispose();
    }

    private static TensorRtLibrary OpenTensorRt()
    {
        try
        {
            return TensorRtLibrary.Open();
        }
        catch (VendorLibraryMissingException exception)
        {
            throw new VendorLibraryMissingException(
                $"{exception.Message.TrimEnd('.')}; install TensorRT 10 or 11, or set {TensorRtLibrary.DirectoryVariable} to its lib folder", exception);
        }
    }
}
