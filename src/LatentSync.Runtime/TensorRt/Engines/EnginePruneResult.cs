namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What was removed from a cache and what was not.</summary>
/// <param name="Removed">The files and folders removed.</param>
/// <param name="Foreign">Paths that are not the cache's; they were left alone.</param>
/// <param name="Busy">Paths that were to go but are being written, or could not be removed.</param>
public sealed record EnginePruneResult(IReadOnlyList<PrunedFile> Removed, IReadOnlyList<string> Foreign, IReadOnlyList<string> Busy)
{
    /// <summary>Engine files that were left because they cannot be read now and may be good.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Bytes that are free again.</summary>
    public long FreedInBytes => Removed.Sum(file => file.SizeInBytes);
}
