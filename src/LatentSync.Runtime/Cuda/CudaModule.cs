using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>Kernels compiled for one device.</summary>
public sealed class CudaModule : IDisposable
{
    private readonly CudaModuleHandle _handle;

    internal CudaModule(CudaDevice device, string ptx)
    {
        _handle = CudaModuleHandle.Create(device.Handle, ptx);
    }

    /// <summary>Finds an entry point.</summary>
    /// <param name="entry">Its name in the PTX.</param>
    /// <exception cref="LatentSyncException">The module has no such entry.</exception>
    public CudaKernel Kernel(string entry) => new(KernelHandle.Create(_handle, entry));

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
