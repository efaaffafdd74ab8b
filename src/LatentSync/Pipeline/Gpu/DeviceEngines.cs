using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;

namespace LatentSync.Pipeline.Gpu;

/// <summary>A pack's networks and the project's kernels on one GPU, loaded once for any number of jobs, one at a time.</summary>
internal sealed class DeviceEngines : IDisposable
{
    private readonly IReadOnlyList<IDisposable> _owned;
    private readonly CudaKernelLauncher _launcher;

    /// <summary>Takes networks over and compiles the kernels.</summary>
    /// <param name="device">The GPU.</param>
    /// <param name="uNet">Where the UNet's networks come from; they are loaded for a job.</param>
    /// <param name="encoder">The VAE's encoder.</param>
    /// <param name="decoder">The VAE's decoder.</param>
    /// <param name="owned">All that is to be disposed with this object, in the order of creation; left alone if this constructor fails.</param>
    /// <param name="log">What the networks say; null where they say nothing.</param>
    /// <exception cref="LatentSyncException">A kernel does not compile, or its file is missing.</exception>
    public DeviceEngines(
        CudaDevice device, IDeviceUNetSource uNet, IDeviceNetwork encoder, IDeviceNetwork decoder, IReadOnlyList<IDisposable> owned, EngineLog? log = null)
    {
        (Device, Log) = (device, log ?? new EngineLog(host: null));
        (Encoder, Decoder) = (encoder, decoder);
        Prepared = new PreparedNetworksCache(device.TrimMemory);
        UNet = new DeviceUNet(uNet, () => Prepared.DropIdle());
        Version capability = device.Info.ComputeCapability;
        PtxLibrary ptx = PtxLibrary.Open(capability.Major, capability.Minor);
        Compute = device.CreateStream();
        _launcher = new CudaKernelLauncher(Compute, ptx.ReadText);
        _owned = owned;
        try
        {
            // While a step is captured, nothing can be compiled.
            _launcher.Prepare(DeviceKernels.All.Select(kernel => kernel.Name));
        }
        catch
        {
            _launcher.Dispose();
            Compute.Dispose();
            throw;
        }
    }

    public CudaDevice Device { get; }

    public DeviceUNet UNet { get; }

    public IDeviceNetwork Encoder { get; }

    public IDeviceNetwork Decoder { get; }

    /// <summary>The stream that kernels and networks run on.</summary>
    public CudaStream Compute { get; }

    public IKernelLauncher Launcher => _launcher;

    /// <summary>What the networks say.</summary>
    public EngineLog Log { get; }

    /// <summary>What jobs leave for those after them.</summary>
    public PreparedNetworksCache Prepared { get; }

    /// <summary>Makes something that takes device memory; if there is not enough, what earlier jobs left is given up for it.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is not enough all the same.</exception>
    public T WithRoom<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (DeviceOutOfMemoryException) when (Prepared.DropIdle())
        {
            return create();
        }
    }

    public void Dispose()
    {
        Prepared.Dispose();
        UNet.Dispose();
        _launcher.Dispose();
        Compute.Dispose();
        foreach (IDisposable owned in _owned.Reverse())
        {
            owned.Dispose();
        }
    }
}
