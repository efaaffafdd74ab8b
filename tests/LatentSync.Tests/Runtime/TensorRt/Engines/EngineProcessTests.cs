using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

/// <summary>Several processes on one cache.</summary>
public sealed class EngineProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EngineCache _cache;
    private readonly string _model;

    public EngineProcessTests()
    {
        _cache = new EngineCache(_folder.File("engines"));
        _model = _folder.File("model.onnx");
        File.WriteAllText(_model, "graph\nweights");
    }

    private string[] Left => [.. Directory.GetFileSystemEntries(_cache.Folder).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_TwoProcessesAtOnce_OneBuildsTheOtherWaitsAndTakesIt()
    {
        using BuildProcess first = new(_cache.Folder, _model);
        Assert.Equal("building", await first.NextAsync());
        using BuildProcess second = new(_cache.Folder, _model);
        Assert.Equal("waiting", await second.NextAsync());
        Assert.Equal("Built", await first.FinishAsync());
        Assert.Equal("Reused", await second.NextAsync());
        Assert.Null(await second.NextAsync());
    }

    [Theory]
    [InlineData("building")]
    [InlineData("writing")]
    public async Task Build_ProcessKilled_LeavesNoEngineAndNoLock(string place)
    {
        using (BuildProcess killed = new(_cache.Folder, _model))
        {
            await ReachAsync(killed, place);
            await killed.KillAsync();
        }

        Assert.Contains(Left, name => name.EndsWith(".partial", StringComparison.Ordinal));
        Assert.Empty(_cache.List());
        EngineBuildResult result = await BuildAsync(new FakePlanBuilder());
        Assert.Equal(EngineBuildOutcome.Built, result.Outcome);
        result.File.Verify();
        Assert.DoesNotContain(Left, name => name.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_ProcessKilledWhileItMergesTimings_LeavesTheOldTimingCache()
    {
        TimingCacheFile timing = TimingCacheFile.In(_cache, EngineCase.Target);
        await timing.AddAsync("old;"u8.ToArray(), (_, _) => throw new InvalidOperationException("there is nothing to merge with"));
        using (BuildProcess killed = new(_cache.Folder, _model))
        {
            await ReachAsync(killed, "merging");
            await killed.KillAsync();
        }

        Assert.Equal("old;"u8, timing.Read());
        // The engine was whole before: it is there. Another one finds the timing cache's lock free.
        Assert.Equal(EngineBuildOutcome.Reused, (await BuildAsync(new FakePlanBuilder())).Outcome);
        File.WriteAllText(_model, "graph\nother weights");
        await BuildAsync(new FakePlanBuilder());
        Assert.Equal("old;old;1;"u8, timing.Read());
    }

    private static async Task ReachAsync(BuildProcess process, string place)
    {
        while (await process.NextAsync() is { } word)
        {
            if (word == place)
            {
                return;
            }

            process.GoOn();
        }

        Assert.Fail($"the process ended before it was {place}");
    }

    private Task<EngineBuildResult> BuildAsync(FakePlanBuilder plans) =>
        new EngineBuilder(_cache, plans).BuildAsync(EngineBuildHost.Request(_model));
}
