namespace LatentSync.Runtime.Cuda;

/// <summary>What was enqueued on a device. Work that is recorded into a graph counts when the graph is launched, as one launch.</summary>
public sealed record CudaCounters
{
    /// <summary>Copies from host memory.</summary>
    public required long CopiesToDevice { get; init; }

    /// <summary>Bytes of those copies.</summary>
    public required long BytesToDevice { get; init; }

    /// <summary>Copies to host memory.</summary>
    public required long CopiesToHost { get; init; }

    /// <summary>Bytes of those copies.</summary>
    public required long BytesToHost { get; init; }

    /// <summary>Copies within device memory.</summary>
    public required long CopiesOnDevice { get; init; }

    /// <summary>Kernels launched singly.</summary>
    public required long KernelLaunches { get; init; }

    /// <summary>Networks enqueued singly.</summary>
    public required long EngineEnqueues { get; init; }

    /// <summary>Captures that became a graph.</summary>
    public required long Captures { get; init; }

    /// <summary>Graphs launched.</summary>
    public required long GraphLaunches { get; init; }

    /// <summary>Buffers that exist now.</summary>
    public required long LiveBuffers { get; init; }
}
