namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Where the making of an engine is.</summary>
/// <param name="Network">The network's role in its pack.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Phase">TensorRT's name for the phase it is in; null outside of its builder.</param>
/// <param name="Fraction">Share of TensorRT's build that is done, 0..1, never falling.</param>
public readonly record struct EngineBuildProgress(string Network, EngineBuildStage Stage, string? Phase, double Fraction);
