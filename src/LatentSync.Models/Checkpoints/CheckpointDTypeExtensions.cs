namespace LatentSync.Models.Checkpoints;

/// <summary>Facts about element types.</summary>
public static class CheckpointDTypeExtensions
{
    /// <summary>Bytes that one element takes.</summary>
    /// <param name="dtype">The element type.</param>
    public static int SizeInBytes(this CheckpointDType dtype) => dtype switch
    {
        CheckpointDType.Bool or CheckpointDType.UInt8 or CheckpointDType.Int8 or CheckpointDType.Float8E4M3 or CheckpointDType.Float8E5M2 => 1,
        CheckpointDType.Int16 or CheckpointDType.UInt16 or CheckpointDType.Float16 or CheckpointDType.BFloat16 => 2,
        CheckpointDType.Int32 or CheckpointDType.UInt32 or CheckpointDType.Float32 => 4,
        CheckpointDType.Int64 or CheckpointDType.UInt64 or CheckpointDType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, null),
    };
}
