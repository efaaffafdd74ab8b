namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>A stretch of the checkpoint file, in bytes.</summary>
internal readonly record struct FileRegion(long Offset, long Length)
{
    public long End => Offset + Length;
}
