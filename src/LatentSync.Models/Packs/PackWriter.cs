using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>Writes a planned pack: graphs on this thread and the writer's, sources hashed on another, then one rename.</summary>
internal static class PackWriter
{
    /// <summary>Writes the pack; on any failure nothing of it stays.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="target">The pack's final, absolute path.</param>
    /// <param name="overwrite">Whether an existing pack is replaced.</param>
    /// <param name="progress">Told of bytes; may be null.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    public static void Write(ImportPlan plan, string target, bool overwrite, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        using StagingFolder staging = StagingFolder.Create(target, overwrite);
        DiskSpace.Require(staging.Path, target, plan.SizeInBytes);
        ByteProgress done = new(progress, plan.SizeInBytes + plan.Sources.SizeInBytes);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IReadOnlyDictionary<string, string>> hashing = Task.Run(() => HashSources(plan, done, stop), CancellationToken.None);
        try
        {
            List<PackComponent> components = WriteComponents(plan, staging.Path, done, stop.Token);
            done.Stage = "sources";
            IReadOnlyDictionary<string, string> hashes = hashing.GetAwaiter().GetResult();
            ManifestFile.Write(staging.Path, plan.Manifest with { Components = components, Sources = plan.Sources.Describe(hashes) });
        }
        catch (Exception exception)
        {
            stop.Cancel();
            Exception first = FirstError(hashing, exception, cancellationToken);
            throw DiskSpace.IsFull(first) ? DiskSpace.TooSmall(target, plan.SizeInBytes, "the disk is full", first) : AsUserError(first, target);
        }

        cancellationToken.ThrowIfCancellationRequested();
        staging.Commit();
    }

    private static List<PackComponent> WriteComponents(ImportPlan plan, string staging, ByteProgress done, CancellationToken cancellationToken)
    {
        List<PackComponent> components = [];
        foreach (PackGraph graph in plan.Graphs)
        {
            done.Stage = graph.Name;
            components.Add(graph.Write(staging, done, cancellationToken));
        }

        foreach (PackCopy copy in plan.Copies)
        {
            done.Stage = copy.Name;
            components.Add(copy.Write(staging, done, cancellationToken));
        }

        return components;
    }

    // A source that cannot be read must also stop the writing.
    private static IReadOnlyDictionary<string, string> HashSources(ImportPlan plan, ByteProgress done, CancellationTokenSource stop)
    {
        try
        {
            return plan.Sources.Hash(done, stop.Token);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    // Each side cancels the other: the one that failed for a reason of its own is the error, unless the caller cancelled both.
    private static Exception FirstError(Task hashing, Exception writing, CancellationToken cancellationToken)
    {
        Exception? hashed = null;
        try
        {
            hashing.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            hashed = exception;
        }

        return cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(cancellationToken)
            : writing is OperationCanceledException && hashed is not null ? hashed : writing;
    }

    private static Exception AsUserError(Exception exception, string target) => exception is IOException or UnauthorizedAccessException
        ? new LatentSyncException(LatentSyncError.Output, $"{target}: the pack cannot be written ({exception.Message}); check the folder's permissions", exception)
        : exception;
}
