using LatentSync.Runtime.Cuda.Native;

namespace LatentSync.Runtime.Cuda;

/// <summary>A captured sequence of work. It holds the addresses that were captured, not the memory behind them.</summary>
public sealed class CudaGraph : IDisposable
{
    private readonly GraphHandle _handle;

    internal CudaGraph(GraphHandle handle)
    {
        _handle = handle;
        NodeCount = handle.NodeCount;
    }

    /// <summary>How many pieces of work it consists of.</summary>
    public long NodeCount { get; }

    internal GraphHandle Handle => _handle;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
