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
}
