namespace LatentSync.Runtime;

/// <summary>A tensor bound to a graph input or output by name.</summary>
/// <param name="Name">The graph's name for it.</param>
/// <param name="Value">The tensor.</param>
public readonly record struct NamedTensor(string Name, Tensor Value);
