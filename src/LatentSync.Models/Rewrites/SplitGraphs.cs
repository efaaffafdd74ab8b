using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>A UNet divided by how often its parts run (<see cref="RateSplit"/>).</summary>
/// <param name="Schedule">From <c>timestep</c> to <c>time_table</c>, run once a job for every step; null if nothing was taken out.</param>
/// <param name="Chunk">From speech and conditioning to inputs of the steps of the same names; null if nothing was taken out.</param>
/// <param name="Steps">What is left of each network that was given, in their order.</param>
public sealed record SplitGraphs(OnnxGraph? Schedule, OnnxGraph? Chunk, IReadOnlyList<OnnxGraph> Steps);
