namespace LatentSync.Runtime;

/// <summary>What is agreed of one of a network's inputs or outputs: what its graph says, and for inputs of the denoiser how often they are written.</summary>
/// <param name="Name">The graph's name for it.</param>
/// <param name="ElementType">Element type in ONNX's spelling, such as <c>float</c> or <c>int64</c>.</param>
/// <param name="Shape">Extent of each dimension, -1 where it is dynamic.</param>
public sealed record TensorContract(string Name, string ElementType, IReadOnlyList<long> Shape)
{
    /// <summary>How often the input is written; null for outputs, for networks outside the denoising loop, and where only the graph was asked.</summary>
    public InputChange? Changes { get; init; }

    /// <summary>
    /// Of an input that changes every step, the channels (axis 1) that are nevertheless written once a chunk: the first of them, and the one after the
    /// last. Null if there are none.
    /// </summary>
    public IReadOnlyList<long>? ChunkChannels { get; init; }
}
