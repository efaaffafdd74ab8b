using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>One entry point of a module.</summary>
public sealed class CudaKernel : IDisposable
{
    private readonly KernelHandle _handle;

    internal CudaKernel(KernelHandle handle)
    {
        _handle = handle;
    }

    /// <summary>Launches the kernel; capturable.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="blocks">Blocks, above 0.</param>
    /// <param name="threads">Threads of a block, above 0.</param>
    /// <param name="parameters">All parameters, each at its own alignment in order; read during the call.</param>
    /// <exception cref="LatentSyncException">The driver refuses the launch.</exception>
    public void Launch(CudaStream stream, int blocks, int threads, ReadOnlySpan<byte> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        _handle.Launch(stream.Handle, (uint)blocks, (uint)threads, parameters);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
