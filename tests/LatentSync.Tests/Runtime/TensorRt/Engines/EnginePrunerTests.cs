using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

public sealed class EnginePrunerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EngineCache _cache;
    private readonly string _old, _young, _damaged, _foreign, _partial, _timing;

    public EnginePrunerTests()
    {
        _cache = new EngineCache(_folder.File("engines"));
        _old = EngineCase.Add(_cache, EngineCase.Identity, planSize: 50_000);
        _young = EngineCase.Add(_cache, EngineCase.Identity with { Preparation = "rules 2" }, planSize: 50_000);
        _damaged = Make("damaged.lsengine");
        _foreign = Make("notes.txt");
        _partial = Make(Path.GetFileName(PartialFiles.NewPath(_cache.Folder, Path.GetFileName(_old))));
        _timing = Make("gpu.timing");
        File.SetLastWriteTimeUtc(_old, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_Defaults_RemovesOnlyWhatCannotBeUsed()
    {
        EnginePruneResult result = _cache.Prune(new EnginePruneOptions());
        CheckRemoved(result, _damaged, _partial);
        Assert.Equal([_foreign], result.Foreign);
    }

    [Fact]
    public void Run_UnusedFor_RemovesTheOld() =>
        CheckRemoved(_cache.Prune(new EnginePruneOptions { UnusedFor = TimeSpan.FromDays(365) }), _damaged, _partial, _old);

    [Fact]
    public void Run_Limit_RemovesWhatWasUsedLongestAgo()
    {
        EnginePruneResult result = _cache.Prune(new EnginePruneOptions { LimitInBytes = 60_000 });
        CheckRemoved(result, _damaged, _partial, _old);
        Assert.InRange(result.FreedInBytes, 50_000, 60_000);
    }

    [Fact]
    public void Run_All_LeavesOnlyWhatIsForeign()
    {
        CheckRemoved(_cache.Prune(new EnginePruneOptions { All = true }), _damaged, _partial, _old, _young, _timing);
        // The files of locks stay: deleting one would let two processes hold it.
        Assert.Equal([_foreign], Directory.GetFiles(_cache.Folder).Where(file => Path.GetExtension(file) != ".lock"));
    }

    [Fact]
    public void Run_EngineBeingBuilt_LeavesItAndItsPartialFile()
    {
        using EngineLock? held = _cache.TryLock(_old);
        EnginePruneResult result = _cache.Prune(new EnginePruneOptions { All = true });
        CheckRemoved(result, _damaged, _young, _timing);
        Assert.Equal(new[] { _partial, _old }.Order(StringComparer.Ordinal), result.Busy.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_EngineThatCannotBeRead_IsLeftUnlessItIsToGoAnyhow()
    {
        using (FileStream held = new(_young, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            EnginePruneResult result = _cache.Prune(new EnginePruneOptions());
            CheckRemoved(result, _damaged, _partial);
            Assert.Equal([_young], result.Unreadable);
            Assert.Empty(result.Busy);
            result = _cache.Prune(new EnginePruneOptions { All = true });
            Assert.Contains(_young, OperatingSystem.IsWindows() ? result.Busy : result.Removed.Select(file => file.Path));
            Assert.Empty(result.Unreadable);
        }
    }

    [Fact]
    public void Run_NoFolder_RemovesNothing() =>
        Assert.Empty(new EngineCache(_folder.File("absent")).Prune(new EnginePruneOptions { All = true }).Removed);

    private string Make(string name)
    {
        string path = Path.Combine(_cache.Folder, name);
        File.WriteAllText(path, "x");
        return path;
    }

    private void CheckRemoved(EnginePruneResult result, params string[] removed)
    {
        Assert.Equal(removed.Order(StringComparer.Ordinal), result.Removed.Select(file => file.Path).Order(StringComparer.Ordinal));
        string[] all = [_old, _young, _damaged, _foreign, _partial, _timing];
        Assert.All(all, path => Assert.Equal(!removed.Contains(path), File.Exists(path)));
    }
}
