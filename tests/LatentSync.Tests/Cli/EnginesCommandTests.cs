using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Runtime.TensorRt;
using LatentSync.Tests.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

public sealed class EnginesCommandTests : IDisposable
{
    private const int Usage = 2, Model = 4, MissingHere = 7;

    private readonly TemporaryFolder _folder = new();
    private readonly EngineCache _cache;

    public EnginesCommandTests() => _cache = new EngineCache(_folder.File("engines"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_NoEngines_SaysHowToMakeSome()
    {
        CliResult result = await RunAsync("list", "--engines", _cache.Folder);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"{_cache.Folder}: no engines; make some with 'latentsync engines build'", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_EngineAndDamagedFile_ShowsBoth()
    {
        EngineCase.Add(_cache, EngineCase.Identity);
        File.WriteAllText(Path.Combine(_cache.Folder, "zero.lsengine"), "no engine");
        string[] lines = (await RunAsync("list", "--engines", _cache.Folder)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("unet fp16, TensorRT 10.16.1, GPU of the tests (compute capability 8.6)", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(EngineKey.Of(EngineCase.Identity).Text[..12], lines[0], StringComparison.Ordinal);
        Assert.StartsWith("REFUSED", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_BeginningOfAKey_ShowsTheHeader()
    {
        EngineCase.Add(_cache, EngineCase.Identity);
        string key = EngineKey.Of(EngineCase.Identity).Text;
        CliResult result = await RunAsync("inspect", key[..8], "--engines", _cache.Folder, "--json");
        System.Text.Json.JsonElement found = Assert.Single(result.EventsOf("result"));
        Assert.Equal(key, found.GetProperty("key").GetString());
        Assert.Equal("unet", found.GetProperty("header").GetProperty("network").GetString());
        Assert.Contains("sample:1x4..2x4..2x4", (await RunAsync("inspect", key[..8], "--engines", _cache.Folder)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_DamagedPlan_IsRefused()
    {
        string path = EngineCase.Add(_cache, EngineCase.Identity);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        await RefusesAsync(Model, ["inspect", path], path, "SHA-256", "latentsync engines build");
    }

    [Fact]
    public async Task Prune_EngineLockedByAnotherProcess_KeepsItUntilItIsFree()
    {
        string path = EngineCase.Add(_cache, EngineCase.Identity);
        using (EngineLock? held = _cache.TryLock(path))
        {
            Assert.Contains($"kept {path}: it is being written", (await RunAsync("prune", "--all", "--engines", _cache.Folder)).Output, StringComparison.Ordinal);
        }

        Assert.Contains($"removed {path}", (await RunAsync("prune", "--all", "--engines", _cache.Folder)).Output, StringComparison.Ordinal);
        Assert.Empty(_cache.List());
    }

    [SkippableFact]
    public async Task Build_WithoutTensorRt_NamesTheFilesTriedAndTheFix()
    {
        NativeBuild.Require();
        string empty = Directory.CreateDirectory(_folder.File("no TensorRT")).FullName;
        await RefusesAsync(MissingHere, ["build", "--models", ImportedDemoPack.Path], Path.Combine(empty, "libnvinfer.so.11"), "install TensorRT 10 or 11", "LATENTSYNC_TENSORRT");
    }

    [Theory]
    [InlineData("--precision", "fp12")]
    [InlineData("--min-chunks", "0")]
    [InlineData("--workspace", "much")]
    [InlineData("--optimization-level", "6")]
    [InlineData("--device", "-1")]
    [InlineData("--resolution", "100")]
    [InlineData("--unknown", "1")]
    public async Task Build_SenselessOption_IsNamed(string option, string value) =>
        await RefusesAsync(Usage, ["build", "--models", ImportedDemoPack.Path, option, value], option);

    [Fact]
    public async Task Build_ChunksOutOfOrder_AreNamed() =>
        await RefusesAsync(Usage, ["build", "--models", ImportedDemoPack.Path, "--min-chunks", "4", "--max-chunks", "2"], "--max-chunks");

    // All understood, so that the missing pack is what is told.
    [Fact]
    public async Task Build_TrtexecsSpellings_AreTaken() => await RefusesAsync(
        Model,
        ["build", "--models", _folder.File("absent"), "--memPoolSize=workspace:2048", "--builderOptimizationLevel=4", "--timingCacheFile=t", "--maxAuxStreams=2", "--allowWeightStreaming", "--device=1"],
        "absent");

    private async Task<CliResult> RunAsync(params string[] arguments)
    {
        using CliProcess process = CliProcess.Start(_folder.Path, ["engines", .. arguments], ("LATENTSYNC_TENSORRT", _folder.File("no TensorRT")));
        return await process.FinishAsync();
    }

    private async Task RefusesAsync(int exitCode, string[] arguments, params string[] said)
    {
        CliResult result = await RunAsync(arguments);
        Assert.True(exitCode == result.ExitCode, $"exit code {result.ExitCode} instead of {exitCode}: {result.Errors}");
        string line = Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("latentsync: ", line, StringComparison.Ordinal);
        Assert.All(said, text => Assert.Contains(text, line, StringComparison.Ordinal));
    }
}
