namespace LatentSync.Runtime.Cuda;

/// <summary>Launches kernels by name on one stream, compiling each on its first use. Serves one thread at a time.</summary>
/// <param name="stream">The stream; must outlive the launcher.</param>
/// <param name="ptx">Gives a kernel's PTX text by its name.</param>
public sealed class CudaKernelLauncher(CudaStream stream, Func<string, string> ptx) : IKernelLauncher, IDisposable
{
    /// <summary>What precedes a kernel's name in the name of its entry point.</summary>
    public const string EntryPrefix = "Kernel_";

    // A multiple of every device's warp that keeps all of them busy with kernels of few registers.
    private const int ThreadsPerBlock = 256;

    private readonly Dictionary<string, (CudaModule Module, CudaKernel Kernel)> _kernels = new(StringComparer.Ordinal);

    /// <summary>Compiles kernels ahead of use: while a stream is being captured, none can be.</summary>
    /// <param name="kernels">Their names.</param>
    /// <exception cref="LatentSyncException">The driver's compiler refuses one.</exception>
    public void Prepare(IEnumerable<string> kernels)
    {
        foreach (string kernel in kernels)
        {
            Find(kernel);
        }
    }

    /// <inheritdoc/>
    public void Launch(string kernel, int extent, ReadOnlySpan<byte> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(extent);
        int blocks = (int)(((long)extent + ThreadsPerBlock - 1) / ThreadsPerBlock);
        Find(kernel).Launch(stream, blocks, ThreadsPerBlock, parameters);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((CudaModule module, CudaKernel kernel) in _kernels.Values)
        {
            kernel.Dispose();
            module.Dispose();
        }

        _kernels.Clear();
    }

    private CudaKernel Find(string name)
    {
        if (!_kernels.TryGetValue(name, out (CudaModule Module, CudaKernel Kernel) found))
        {
            CudaModule module = stream.Device.LoadModule(ptx(name));
            try
            {
                found = (module, module.Kernel(EntryPrefix + name));
            }
            catch
            {
                module.Dispose();
                throw;
            }

            _kernels.Add(name, found);
        }

        return found.Kernel;
    }
}
