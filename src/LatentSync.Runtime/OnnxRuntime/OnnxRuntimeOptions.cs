namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>How an ONNX Runtime session is set up.</summary>
public sealed record OnnxRuntimeOptions
{
    /// <summary>Threads inside one operator; 0 lets ONNX Runtime take one per physical core.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Whether idle worker threads spin: fastest when one network runs alone, wasteful when stages overlap.</summary>
    public bool AllowSpinning { get; init; } = true;

    /// <summary>Whether weights are repacked for speed at load; costs up to the weights' size again in memory.</summary>
    public bool Prepack { get; init; } = true;

    /// <summary>Whether memory for activations is kept from run to run: fastest for what runs all the time, wasteful for what runs now and then.</summary>
    public bool KeepActivationMemory { get; init; } = true;

    /// <summary>What the network runs on.</summary>
    public OnnxExecutionProvider Provider { get; init; }

    /// <summary>The GPU's number, for providers that use one.</summary>
    public int Device { get; init; }

    /// <summary>Whether the provider captures its work into a CUDA graph: for networks whose shapes and addresses stay the same.</summary>
    public bool CudaGraph { get; init; }

    /// <summary>Where the TensorRT provider keeps its engines; null for nowhere.</summary>
    public string? EngineCacheFolder { get; init; }

    /// <summary>The model's hash, with which the names of its engines begin; needed with a folder.</summary>
    public string? EngineCachePrefix { get; init; }

    /// <summary>Folder for ONNX Runtime's profile of the session, written when it is disposed; null for none. Profiling slows every operator a little.</summary>
    public string? ProfileFolder { get; init; }
}
