namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What TensorRT is asked to build.</summary>
/// <param name="ModelPath">The ONNX file, at the wanted precision; external data is found beside it.</param>
/// <param name="Profiles">The extents it shall take.</param>
/// <param name="Flags">What it shall be able to do.</param>
/// <param name="Tuning">How hard to look.</param>
/// <param name="TimingCache">What earlier builds measured; empty for nothing.</param>
public sealed record PlanRequest(
    string ModelPath, IReadOnlyList<EngineProfile> Profiles, EngineFlags Flags, EngineTuning Tuning, ReadOnlyMemory<byte> TimingCache);
