using System.Text;
using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>The CUDA driver of this machine. It is opened at run time: nothing of CUDA is needed to build or to start.</summary>
public sealed class CudaDriver : IDisposable
{
    /// <summary>The environment variable that names the driver library where the system's loader does not know it, or another one is wanted.</summary>
    public const string LibraryVariable = "LATENTSYNC_CUDA_DRIVER";

    private readonly CudaDriverHandle _handle;

    private CudaDriver(CudaDriverHandle handle)
    {
        _handle = handle;
        LibraryPath = handle.Path;
        int version = handle.Version;
        // cuDriverGetVersion: 1000 x major + 10 x minor.
        CudaVersion = new Version(version / 1000, version % 1000 / 10);
        Release = DriverRelease.Find(LibraryPath);
        Devices = [.. Enumerable.Range(0, handle.DeviceCount).Select(index => Describe(handle.Device(index)))];
    }

    internal CudaDriverHandle Handle => _handle;

    /// <summary>The loaded driver library.</summary>
    public string LibraryPath { get; }

    /// <summary>The newest CUDA version that the driver serves.</summary>
    public Version CudaVersion { get; }

    /// <summary>The driver's release, 570.86.10 for example; <c>unknown</c> where the system does not tell.</summary>
    public string Release { get; }

    /// <summary>The devices that the driver shows to this process, by ordinal.</summary>
    public IReadOnlyList<CudaDeviceInfo> Devices { get; }

    /// <summary>Opens and initialises the driver; no context is made and no memory taken on any device.</summary>
    /// <param name="libraryPath">The driver library; null for <see cref="LibraryVariable"/>, and where that is not set, for the system's.</param>
    /// <exception cref="LatentSyncException">There is no driver, or it has no device, or the native library is missing.</exception>
    public static CudaDriver Open(string? libraryPath = null)
    {
        string? chosen = libraryPath ?? Environment.GetEnvironmentVariable(LibraryVariable);
        CudaDriverHandle handle = CudaDriverHandle.Create(string.IsNullOrEmpty(chosen) ? null : chosen);
        try
        {
            return new CudaDriver(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static CudaDeviceInfo Describe(CudaDeviceStruct device)
    {
        ReadOnlySpan<byte> name = device.Name;
        int end = name.IndexOf((byte)0);
        return new CudaDeviceInfo(
            device.Ordinal,
            Encoding.UTF8.GetString(end < 0 ? name : name[..end]),
            device.TotalMemory,
            new Version(device.ComputeMajor, device.ComputeMinor),
            device.Multiprocessors);
    }
}
