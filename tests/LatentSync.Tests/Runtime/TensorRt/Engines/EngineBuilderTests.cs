using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

public sealed class EngineBuilderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakePlanBuilder _plans = new();
    private readonly FakePreparation _preparation = new();
    private readonly List<EngineLogLine> _log = [];
    private readonly EngineCache _cache;
    private readonly string _model;

    public EngineBuilderTests()
    {
        _cache = new EngineCache(_folder.File("engines"));
        _model = _folder.File("model.onnx");
        Import("graph", "weights");
    }

    private EngineBuildRequest Request => EngineBuildHost.Request(_model, _preparation);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_Twice_BuildsOnce()
    {
        EngineBuildResult first = await BuildAsync(Request), second = await BuildAsync(Request);
        Assert.Equal((EngineBuildOutcome.Built, EngineBuildOutcome.Reused), (first.Outcome, second.Outcome));
        Assert.Equal(first.File.Path, second.File.Path);
        Assert.Equal("built Fp16 graph\nweights".Length, first.File.PlanSizeInBytes);
        Assert.Equal(1, _plans.Builds);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Folder, "*.partial"));
    }

    [Fact]
    public async Task Build_AnythingChanged_BuildsAgain()
    {
        await BuildAsync(Request);
        Import("graph", "other weights");
        await BuildAsync(Request);
        _preparation.Rules = "2";
        await BuildAsync(Request);
        _plans.Target = _plans.Target with { Driver = new Version(13, 0) };
        await BuildAsync(Request);
        await BuildAsync(Request with { Flags = EngineFlags.Tf32 });
        Assert.Equal(5, _plans.Builds);
        Assert.Equal(5, _cache.List().Count);
    }

    [Fact]
    public async Task Build_OtherTuningOrRebuild_ReplacesTheEngine()
    {
        await BuildAsync(Request);
        await BuildAsync(Request with { Tuning = new EngineTuning(5) });
        await BuildAsync(Request with { Tuning = new EngineTuning(5), Rebuild = true });
        Assert.Equal(3, _plans.Builds);
        Assert.Equal(5, Assert.Single(_cache.List()).File!.Header.Tuning.OptimizationLevel);
    }

    [Fact]
    public async Task Build_DamagedEngine_IsReplacedWithAWarning()
    {
        string path = (await BuildAsync(Request)).File.Path;
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        EngineBuildResult result = await BuildAsync(Request);
        Assert.Equal(EngineBuildOutcome.Built, result.Outcome);
        result.File.Verify();
        Assert.Contains(path, Assert.Single(_log).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_NetworkChangesMeanwhile_IsNotKept()
    {
        _plans.OnBuild = () => Import("graph", "new weights");
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => BuildAsync(Request));
        Assert.Contains("changed while its engine was built", error.Message, StringComparison.Ordinal);
        Assert.Empty(_cache.List());
    }

    [Fact]
    public async Task Build_Cancelled_LeavesNothing()
    {
        using CancellationTokenSource source = new();
        _plans.OnBuild = source.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BuildAsync(Request, source.Token));
        Assert.Equal(["locks"], Directory.GetFileSystemEntries(_cache.Folder).Select(Path.GetFileName));
        _plans.OnBuild = null;
        Assert.Equal(EngineBuildOutcome.Built, (await BuildAsync(Request)).Outcome);
    }

    [Fact]
    public async Task Build_SecondEngine_GetsAndAddsTimings()
    {
        await BuildAsync(Request);
        await BuildAsync(Request with { Flags = EngineFlags.Tf32 });
        Assert.Equal(["", "1;"], _plans.Requests.Select(request => System.Text.Encoding.UTF8.GetString(request.TimingCache.Span)));
        // The second build gives "1;2;", merged behind what is there.
        Assert.Equal("1;1;2;"u8, TimingCacheFile.In(_cache, EngineCase.Target).Read());
    }

    [Fact]
    public async Task Build_TimingCacheThatDoesNotFit_IsLeftOutAndReplaced()
    {
        string timing = _folder.File("my.timing");
        File.WriteAllText(timing, "bad");
        await BuildAsync(Request with { TimingCachePath = timing });
        Assert.Equal("1;", File.ReadAllText(timing));
        Assert.Contains("without the timing cache", Assert.Single(_log).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_TimingCacheThatCannotBeWritten_KeepsTheEngineAndSaysSo()
    {
        string timing = _folder.File("my.timing");
        // Where its lock would be.
        Directory.CreateDirectory(timing + ".lock");
        EngineBuildResult result = await BuildAsync(Request with { TimingCachePath = timing });
        Assert.Equal(EngineBuildOutcome.Built, result.Outcome);
        result.File.Verify();
        EngineLogLine line = Assert.Single(_log);
        Assert.Equal(EngineLogSeverity.Warning, line.Severity);
        Assert.Contains(timing, line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refit_NewCheckpointOfTheSameGraph_TakesThePlanThatIsThere()
    {
        await BuildAsync(Request with { Flags = EngineFlags.Refittable, Tuning = new EngineTuning(4) });
        Import("graph", "new weights");
        EngineBuildResult refitted = await BuildAsync(Request with { Refit = true, Tuning = new EngineTuning(4) });
        Assert.Equal((EngineBuildOutcome.Refitted, 1), (refitted.Outcome, _plans.Builds));
        Assert.True(refitted.File.Header.IsRefitted);
        Assert.Equal("refitted Fp16 graph\nnew weights".Length, refitted.File.PlanSizeInBytes);
        Assert.Equal(EngineBuildOutcome.Reused, (await BuildAsync(Request with { Refit = true, Tuning = new EngineTuning(4) })).Outcome);
        Assert.Equal(2, _cache.List().Count);
    }

    [Fact]
    public async Task Refit_OtherGraph_SaysWhatToBuild()
    {
        await BuildAsync(Request with { Flags = EngineFlags.Refittable });
        Import("other graph", "weights");
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => BuildAsync(Request with { Refit = true }));
        Assert.Contains("--refittable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BuildFraction_NestedPhases_NeverFalls()
    {
        BuildFraction fraction = new();
        double[] seen =
        [
            .. new EngineBuildStep[] { new("outer", 0, 0, 4), new("inner", 1, 1, 2), new("outer", 0, 1, 4), new("inner", 1, 0, 8), new("inner", 1, 4, 8), new("outer", 0, 4, 4), new("next", 0, 0, 3) }
                .Select(fraction.Update),
        ];
        Assert.Equal([0, 0.125, 0.25, 0.25, 0.375, 1, 1], seen);
    }

    private Task<EngineBuildResult> BuildAsync(EngineBuildRequest request, CancellationToken cancellationToken = default) =>
        new EngineBuilder(_cache, _plans).BuildAsync(request, log: _log.Add, cancellationToken: cancellationToken);

    private void Import(string graph, string weights) => File.WriteAllText(_model, $"{graph}\n{weights}");
}
