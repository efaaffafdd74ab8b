namespace LatentSync.Models.Checkpoints;

/// <summary>A tensor of a checkpoint, without its elements.</summary>
/// <param name="Name">The state dict's key.</param>
/// <param name="DType">Element type in the file.</param>
/// <param name="Shape">Extent of each dimension, outermost first; empty for a scalar.</param>
public sealed record CheckpointTensor(string Name, CheckpointDType DType, IReadOnlyList<long> Shape)
{
    /// <summary>Number of elements.</summary>
    public long ElementCount => Shape.Aggregate(1L, (count, extent) => checked(count * extent));
}
