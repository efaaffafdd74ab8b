namespace LatentSync.Runtime;

/// <summary>What a graph says of one of its inputs or outputs.</summary>
/// <param name="Name">The graph's name for it.</param>
/// <param name="ElementType">Element type in ONNX's spelling, such as <c>float</c> or <c>int64</c>.</param>
/// <param name="Shape">Extent of each dimension, -1 where it is dynamic.</param>
public sealed record TensorContract(string Name, string ElementType, IReadOnlyList<long> Shape);
