namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>A view of a storage; offset and strides in elements of <paramref name="DType"/>.</summary>
internal sealed record TorchTensor(TorchStorage Storage, CheckpointDType DType, long Offset, long[] Shape, long[] Strides);
