using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Runtime.TensorRt;

/// <summary>Everything that running engines takes: TensorRT, the native library's flavour for it, a GPU.</summary>
public sealed class TensorRtMachine : IDisposable
{
    private readonly CudaDriver _driver;

    private TensorRtMachine(TensorRtLibrary tensorRt, CudaDriver driver, CudaDevice device)
    {
        (TensorRt, _driver, Device) = (tensorRt, driver, device);
        Target = TargetOf(tensorRt, driver, device.Info);
    }

    /// <summary>TensorRT.</summary>
    public TensorRtLibrary TensorRt { get; }

    /// <summary>The GPU.</summary>
    public CudaDevice Device { get; }

    /// <summary>What engines of this machine are tied to.</summary>
    public EngineTarget Target { get; }

    /// <summary>Opens all of it.</summary>
    /// <param name="ordinal">The GPU, by the driver's number.</param>
    /// <exception cref="LatentSyncException">Something is missing; the message names it, what was tried, and the fix.</exception>
    public static TensorRtMachine Open(int ordinal = 0)
    {
        TensorRtLibrary tensorRt = OpenTensorRt();
        CudaDriver? driver = null;
        try
        {
            driver = CudaDriver.Open();
            return new TensorRtMachine(tensorRt, driver, CudaDevice.Open(driver, ordinal));
        }
        catch
        {
            driver?.Dispose();
            tensorRt.Dispose();
            throw;
        }
    }

    /// <summary>What engines for this machine's GPUs are tied to, a target a kind of GPU; no context is made on any of them.</summary>
    /// <exception cref="LatentSyncException">Something is missing; the message names it, what was tried, and the fix.</exception>
    public static IReadOnlyList<EngineTarget> FindTargets()
    {
        using TensorRtLibrary tensorRt = OpenTensorRt();
        using CudaDriver driver = CudaDriver.Open();
        return [.. driver.Devices.Select(device => TargetOf(tensorRt, driver, device)).Distinct()];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Device.Dispose();
        _driver.Dispose();
        TensorRt.Dispose();
    }

    private static EngineTarget TargetOf(TensorRtLibrary tensorRt, CudaDriver driver, CudaDeviceInfo device) =>
        new(tensorRt.Version, device.Name, device.ComputeCapability, driver.CudaVersion, driver.Release);

    private static TensorRtLibrary OpenTensorRt()
    {
        TensorRtLibrary tensorRt;
        try
        {
            tensorRt = TensorRtLibrary.Open();
        }
        catch (VendorLibraryMissingException exception)
        {
            throw new VendorLibraryMissingException(
                $"{exception.Message.TrimEnd('.')}; install TensorRT 10 or 11, or set {TensorRtLibrary.DirectoryVariable} to its lib folder", exception);
        }

        try
        {
            return NativeRuntimeInfo.Load() is { TensorRtHeaders: null } native
                ? throw new NativeUnsupportedException(
                    $"TensorRT {tensorRt.Version} is there, but the native library {native.Path} has CUDA only (tried {string.Join("; ", native.Attempts)}). {NativeRuntimeInfo.FlavourFix}")
                : tensorRt;
        }
        catch
        {
            tensorRt.Dispose();
            throw;
        }
    }
}
