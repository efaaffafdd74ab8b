namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What an engine is tied to: it runs nowhere else.</summary>
/// <param name="TensorRt">TensorRT's version, three numbers.</param>
/// <param name="Gpu">The GPU's product name.</param>
/// <param name="ComputeCapability">Its architecture, 8.6 for sm_86.</param>
/// <param name="Driver">The newest CUDA version that the driver serves.</param>
public sealed record EngineTarget(Version TensorRt, string Gpu, Version ComputeCapability, Version Driver)
{
    /// <inheritdoc/>
    public override string ToString() => $"TensorRT {TensorRt}, {Gpu} (compute capability {ComputeCapability}), driver for CUDA {Driver}";
}
