using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>
/// Makes a model pack from LatentSync's own files: checkpoints are read as data, graphs are built and written, everything is hashed. The
/// pack appears under its name only when it is complete, and equal sources give equal bytes.
/// </summary>
public static class ModelImporter
{
    /// <summary>Imports a model.</summary>
    /// <param name="options">What to import, and to where.</param>
    /// <param name="progress">Told of bytes hashed and written, from the importing threads; may be null.</param>
    /// <param name="cancellationToken">Stops the import within a window of a file; nothing of it stays on disk.</param>
    /// <returns>The pack, opened, and what a user should know about it.</returns>
    /// <exception cref="LatentSyncException">
    /// A source is missing, damaged or not supported (<see cref="LatentSyncError.Model"/>), or the pack cannot be written
    /// (<see cref="LatentSyncError.Output"/>). Nothing of the import stays on disk, and a pack that was there before is untouched.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static Task<ImportResult> ImportAsync(ImportOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.OutputPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ConfigPath);
        return Task.Run(() => Import(options, progress, cancellationToken), cancellationToken);
    }

    private static ImportResult Import(ImportOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.OutputPath));

        // Before minutes of reading, and again under the staging folder's lock.
        StagingFolder.CheckTarget(target, options.Overwrite);
        using ImportPlan plan = ImportPlan.Prepare(options, cancellationToken);
        PackWriter.Write(plan, target, options.Overwrite, progress, cancellationToken);
        return new ImportResult(ModelPack.Open(options.OutputPath), plan.Warnings);
    }
}
