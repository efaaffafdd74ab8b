using LatentSync.Runtime;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

public sealed class EngineCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EngineCache _cache;

    public EngineCacheTests() => _cache = new EngineCache(_folder.File("engines"));

    private static EngineIdentity Refittable => EngineCase.Identity with { Flags = EngineFlags.Refittable };

    private static EngineIdentity OtherWeights => Refittable with { Graph = Refittable.Graph with { Content = new string('c', 64) } };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryOpen_NothingThere_IsNull()
    {
        Assert.Null(_cache.TryOpen(EngineCase.Identity));
        Assert.Empty(_cache.List());
        Assert.False(Directory.Exists(_cache.Folder));
    }

    [Fact]
    public void TryOpen_SameIdentity_IsTheEngine()
    {
        string path = EngineCase.Add(_cache, EngineCase.Identity);
        Assert.Equal(path, _cache.TryOpen(EngineCase.Identity)!.Path);
        Assert.Null(_cache.TryOpen(EngineCase.Identity with { Precision = EnginePrecision.Fp32 }));
    }

    [Fact]
    public void TryOpen_EngineUnderAnothersName_IsRefused()
    {
        EngineIdentity other = EngineCase.Identity with { Precision = EnginePrecision.Fp32 };
        File.Move(EngineCase.Add(_cache, EngineCase.Identity), _cache.PathOf(other));
        Assert.Contains("another engine than its name says", Assert.Throws<PlanRefusedException>(() => _cache.TryOpen(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_RefittableWithOtherWeights_IsNotServed()
    {
        EngineCase.Add(_cache, Refittable);
        Assert.Equal(EngineKey.Of(Refittable), EngineKey.Of(OtherWeights));
        Assert.Null(_cache.TryOpen(OtherWeights));
        Assert.Equal(_cache.PathOf(Refittable), _cache.FindRefittable(OtherWeights)!.Path);
    }

    [Fact]
    public void TryOpen_RefittableRenamedToOtherWeights_IsRefused()
    {
        File.Move(EngineCase.Add(_cache, Refittable), _cache.PathOf(OtherWeights));
        Assert.Throws<PlanRefusedException>(() => _cache.TryOpen(OtherWeights));
    }

    [Fact]
    public void FindRefittable_BuiltAndRefitted_PrefersTheBuilt()
    {
        EngineCase.Add(_cache, Refittable, isRefitted: true);
        string built = EngineCase.Add(_cache, OtherWeights);
        Assert.Equal(built, _cache.FindRefittable(Refittable)!.Path);
    }

    [Fact]
    public void Find_SeveralProfiles_GivesThoseOfTheNetworkAndTarget()
    {
        EngineCase.Add(_cache, EngineCase.Identity);
        EngineCase.Add(_cache, EngineCase.Identity with { Profiles = [EngineCase.Profiles[0]] });
        EngineCase.Add(_cache, EngineCase.Identity with { Target = EngineCase.Target with { Gpu = "another" } });
        EngineCase.Add(_cache, EngineCase.Identity with { Graph = OtherWeights.Graph });
        Assert.Equal(2, _cache.Find(EngineCase.Identity.Graph, EnginePrecision.Fp16, EngineCase.Target).Count);
    }

    [Fact]
    public void List_DamagedFile_SaysWhy()
    {
        EngineCase.Add(_cache, EngineCase.Identity);
        File.WriteAllText(Path.Combine(_cache.Folder, "zero.lsengine"), "no engine");
        IReadOnlyList<EngineCacheEntry> entries = _cache.List();
        Assert.Equal(2, entries.Count);
        Assert.NotNull(entries[0].File);
        Assert.Contains("not an engine file", entries[1].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void List_FileThatCannotBeRead_IsNoRefusal()
    {
        string path = EngineCase.Add(_cache, EngineCase.Identity);
        using FileStream held = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        EngineCacheEntry entry = Assert.Single(_cache.List());
        Assert.Null(entry.File);
        Assert.Null(entry.Refusal);
        Assert.Contains($"{path}: cannot be read", entry.Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_PathOrBeginningOfAKey_IsTheEngine()
    {
        string path = EngineCase.Add(_cache, EngineCase.Identity);
        Assert.Equal(path, _cache.Resolve(path).Path);
        Assert.Equal(path, _cache.Resolve(EngineKey.Of(EngineCase.Identity).Text[..6].ToUpperInvariant()).Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../")]
    public void Resolve_Unknown_NamesTheFolder(string before)
    {
        EngineCase.Add(_cache, EngineCase.Identity);
        Assert.Contains(_cache.Folder, Assert.Throws<LatentSyncException>(() => _cache.Resolve(before + "zzzz")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_TwoOfOneKey_AsksForMore()
    {
        EngineCase.Add(_cache, Refittable);
        EngineCase.Add(_cache, OtherWeights);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => _cache.Resolve(EngineKey.Of(Refittable).Text));
        Assert.Equal(LatentSyncError.Usage, error.Error);
    }

    [Fact]
    public void TryLock_Held_IsNullUntilItIsGivenBack()
    {
        using (EngineLock? held = _cache.TryLock("x.lsengine"))
        {
            Assert.NotNull(held);
            Assert.Null(_cache.TryLock("x.lsengine"));
            using EngineLock? other = _cache.TryLock("y.lsengine");
            Assert.NotNull(other);
        }

        using EngineLock? again = _cache.TryLock("x.lsengine");
        Assert.NotNull(again);
    }

    [Fact]
    public async Task LockAsync_CancelledWhileItWaits_Ends()
    {
        using EngineLock? held = _cache.TryLock("x.lsengine");
        using CancellationTokenSource source = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.LockAsync("x.lsengine", source.Cancel, source.Token));
    }

    [Fact]
    public void TryLock_FolderThatCannotBeMade_NamesTheFix()
    {
        File.WriteAllText(_cache.Folder, "a file where the folder should be");
        Assert.Contains("--engines", Assert.Throws<LatentSyncException>(() => _cache.TryLock("x.lsengine")).Message, StringComparison.Ordinal);
    }
}
