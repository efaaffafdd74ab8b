namespace LatentSync.Models.Precision;

/// <summary>What the half-precision pass did to a network.</summary>
/// <param name="Float16NodeCount">Nodes that went to half precision, those that only move elements included.</param>
/// <param name="Float32Nodes">Nodes held in float32, in the graph's order; those that only move elements and follow their neighbours are left out.</param>
/// <param name="CastCount">Casts inserted.</param>
/// <param name="Weights">Constants that half precision holds less well than its 11 bits promise: beyond its range (kept in float32), or with elements near or at 0.</param>
public sealed record Float16Report(int Float16NodeCount, IReadOnlyList<Float32Node> Float32Nodes, int CastCount, IReadOnlyList<WeightRange> Weights);
