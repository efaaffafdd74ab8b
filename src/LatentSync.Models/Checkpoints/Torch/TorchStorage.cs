namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>A run of elements that tensors are views of.</summary>
/// <param name="Key">Its name in the file: the entry <c>data/Key</c> of a zip file.</param>
/// <param name="DType">Element type; null for an untyped storage, which counts bytes.</param>
/// <param name="ElementCount">Elements (bytes if untyped) that the file claims for it.</param>
/// <param name="FirstElement">Where it begins within the stored run; not zero only for views in the older format.</param>
internal sealed record TorchStorage(string Key, CheckpointDType? DType, long ElementCount, long FirstElement = 0)
{
    public long SizeInBytes => checked((FirstElement + ElementCount) * (DType?.SizeInBytes() ?? 1));
}
