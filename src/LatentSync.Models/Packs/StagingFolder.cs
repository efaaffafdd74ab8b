using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>
/// The folder in which a pack grows, a hidden sibling of its final place, so that the last step is a rename. A lock file beside it keeps a
/// second import of the same pack out; whatever a killed import left is found and put right under that lock.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private readonly string _target;
    private readonly string _prefix;
    private readonly string? _createdParent;
    private FileStream? _lock;
    private bool _committed;

    private StagingFolder(string target)
    {
        _target = target;
        string parent = System.IO.Path.GetDirectoryName(target)!;
        _prefix = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(target)}");
        _createdParent = FirstMissing(parent);
        Path = $"{_prefix}.importing-{Guid.NewGuid():N}";
    }

    /// <summary>The folder to write into; it exists.</summary>
    public string Path { get; }

    /// <summary>Fails if a pack cannot go there: something else is there, or a pack that may not be overwritten.</summary>
    public static void CheckTarget(string target, bool overwrite)
    {
        if (System.IO.Path.GetFileName(target).Length == 0)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{target}: not a place for a pack; name a folder that the import can create");
        }

        if (File.Exists(target))
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{target}: a file of that name exists; name a folder that the import can create");
        }

        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any())
        {
            return;
        }

        if (!File.Exists(System.IO.Path.Combine(target, ManifestFile.Name)))
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{target}: the folder exists and is not a model pack, so it is left alone; name another folder");
        }

        if (!overwrite)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{target}: a model pack is there already; allow overwriting or name another folder");
        }
    }

    /// <summary>Prepares a staging folder, after checking that the target may be written at all.</summary>
    /// <param name="target">The pack's final, absolute path.</param>
    /// <param name="overwrite">Whether a pack may be there already.</param>
    public static StagingFolder Create(string target, bool overwrite)
    {
        CheckTarget(target, overwrite);
        StagingFolder staging = new(target);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            staging.TakeLock();
            staging.CleanUpAfterKilled();
            CheckTarget(target, overwrite);
            Directory.CreateDirectory(staging.Path);
            return staging;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            staging.Dispose();
            throw new LatentSyncException(LatentSyncError.Output, $"{target}: cannot be created ({exception.Message}); choose a folder you may write to", exception);
        }
        catch
        {
            staging.Dispose();
            throw;
        }
    }

    /// <summary>Renames the folder to its final name. An older pack is moved aside first and comes back if that fails.</summary>
    public void Commit()
    {
        string? aside = null;
        try
        {
            if (Directory.Exists(_target))
            {
                aside = $"{_prefix}.replaced-{Guid.NewGuid():N}";
                Directory.Move(_target, aside);
            }

            Directory.Move(Path, _target);
            _committed = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (aside is not null && Directory.Exists(aside) && !Directory.Exists(_target))
            {
                Directory.Move(aside, _target);
            }

            throw new LatentSyncException(LatentSyncError.Output, $"{_target}: the finished pack cannot be moved there ({exception.Message}); close what uses the folder and import again", exception);
        }

        if (aside is not null)
        {
            TryDelete(aside);
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        if (_lock is null)
        {
            RemoveCreatedParent();
            return;
        }

        if (!_committed)
        {
            TryDelete(Path);
        }

        _lock.Dispose();
        _lock = null;
        if (!_committed)
        {
            RemoveCreatedParent();
        }
    }

    /// <summary>The previous version of a pack that a killed import moved aside and never put back, if there is one.</summary>
    public static string? FindReplaced(string target)
    {
        string? parent = System.IO.Path.GetDirectoryName(target);
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent).FirstOrDefault(d => System.IO.Path.GetFileName(d).StartsWith($".{System.IO.Path.GetFileName(target)}.replaced-", StringComparison.Ordinal))
            : null;
    }

    private void TakeLock()
    {
        try
        {
            _lock = new FileStream($"{_prefix}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException exception) when (File.Exists($"{_prefix}.lock"))
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{_target}: another import is writing this pack; wait for it to end", exception);
        }
    }

    // Under the lock no live import owns these. A pack moved aside without a successor is the only copy: it goes back.
    private void CleanUpAfterKilled()
    {
        if (!Directory.Exists(_target) && FindReplaced(_target) is { } replaced)
        {
            Directory.Move(replaced, _target);
        }

        string name = System.IO.Path.GetFileName(_prefix);
        foreach (string folder in Directory.GetDirectories(System.IO.Path.GetDirectoryName(_target)!))
        {
            string candidate = System.IO.Path.GetFileName(folder);
            if (candidate.StartsWith($"{name}.importing-", StringComparison.Ordinal) || candidate.StartsWith($"{name}.replaced-", StringComparison.Ordinal))
            {
                TryDelete(folder);
            }
        }
    }

    private static string? FirstMissing(string folder)
    {
        string? missing = null;
        for (string? at = folder; at is not null && !Directory.Exists(at); at = System.IO.Path.GetDirectoryName(at))
        {
            missing = at;
        }

        return missing;
    }

    private void RemoveCreatedParent()
    {
        if (_createdParent is null || !Directory.Exists(_createdParent) || Directory.EnumerateFiles(_createdParent, "*", SearchOption.AllDirectories).Any())
        {
            return;
        }

        TryDelete(_createdParent);
    }

    // A leftover is no reason to fail a finished import, nor to hide the error that ended one: the next import removes it.
    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
