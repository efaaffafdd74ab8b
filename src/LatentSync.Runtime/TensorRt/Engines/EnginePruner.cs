namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>One pruning of a cache.</summary>
internal sealed class EnginePruner(EngineCache cache, EnginePruneOptions options)
{
    private readonly List<PrunedFile> _removed = [];
    private readonly List<string> _foreign = [];
    private readonly List<string> _busy = [];
    private readonly List<string> _unreadable = [];

    public EnginePruneResult Run()
    {
        FileInfo[] files = [.. cache.Files()];
        foreach (FileInfo file in files.Where(file => file.Extension != EngineFile.Extension))
        {
            SortOut(file);
        }

        foreach (string folder in files.Length == 0 && !Directory.Exists(cache.Folder) ? [] : Directory.GetDirectories(cache.Folder, ".*"))
        {
            RemoveLeftover(folder);
        }

        PruneEngines();
        return new EnginePruneResult(_removed, _foreign, _busy) { Unreadable = _unreadable };
    }

    private void PruneEngines()
    {
        DateTime oldest = options.UnusedFor is { } age ? DateTime.UtcNow - age : DateTime.MinValue;
        long total = 0;
        foreach (EngineCacheEntry entry in cache.List().OrderByDescending(entry => entry.LastUsed).ThenBy(entry => entry.Path, StringComparer.Ordinal))
        {
            string? reason = entry.Refusal
                ?? (options.All ? "all engines were to go" : entry.LastUsed < oldest ? $"last used {entry.LastUsed:yyyy-MM-dd}" : null);
            if (reason is null)
            {
                // What cannot be read now may be a good engine: it goes only for its age, its size, or with all.
                total += entry.SizeInBytes;
                reason = options.LimitInBytes is { } limit && total > limit ? "the engines took more than they may" : null;
            }

            if (reason is not null)
            {
                Remove(entry.Path, Path.GetFileName(entry.Path), entry.SizeInBytes, reason);
            }
            else if (entry.Unreadable is not null)
            {
                _unreadable.Add(entry.Path);
            }
        }
    }

    // Timing caches are small and dear to make: they go only with everything else.
    private void SortOut(FileInfo file)
    {
        if (TimingCacheFile.IsLock(file.Name))
        {
            // Deleting a lock's file would let two processes hold it.
        }
        else if (TimingCacheFile.IsOne(file.Name))
        {
            if (options.All)
            {
                Remove(file.FullName, file.Name, file.Length, "all engines were to go");
            }
        }
        else if (PartialFiles.TargetOf(file.FullName) is not null)
        {
            RemoveLeftover(file.FullName);
        }
        else
        {
            _foreign.Add(file.FullName);
        }
    }

    private void RemoveLeftover(string path)
    {
        if (PartialFiles.TargetOf(path) is { } target)
        {
            long size = File.Exists(path) ? new FileInfo(path).Length : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
            Remove(path, target, size, "a build that was killed left it");
        }
    }

    private void Remove(string path, string target, long size, string reason)
    {
        using EngineLock? held = TimingCacheFile.IsOne(target) ? TimingCacheFile.TryLock(Path.Combine(cache.Folder, target)) : cache.TryLock(target);
        if (held is not null && PartialFiles.TryDelete(path))
        {
            _removed.Add(new PrunedFile(path, size, reason));
        }
        else
        {
            _busy.Add(path);
        }
    }
}
