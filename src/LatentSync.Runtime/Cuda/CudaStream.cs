using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>A queue of work on a device.</summary>
public sealed class CudaStream : IDisposable
{
    internal CudaStream(StreamHandle handle) => Handle = handle;

    internal StreamHandle Handle { get; }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
