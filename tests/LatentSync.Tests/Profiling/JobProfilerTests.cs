using System.Text.Json;
using LatentSync.Pipeline;
using LatentSync.Profiling;
using LatentSync.Profiling.Profiles;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Profiling;

[Collection(Listeners)]
public sealed class JobProfilerTests : IDisposable
{
    /// <summary>A listener hears the whole process, and whoever is heard allocates: not beside tests that count allocations.</summary>
    public const string Listeners = "Listeners to spans";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_AShortJob_AccountsForItsTime()
    {
        string report = _folder.File("report");
        JobProfile profile = await JobProfiler.RunAsync(ImportedDemoPack.Path, new LipSyncEngineOptions { Threads = 1 }, Job(), 1, report);

        Assert.Equal(["layers.csv", "profile.json", "trace.json"], Directory.GetFileSystemEntries(report).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        ProfiledRun run = Assert.Single(profile.Runs);

        // Both shares are above 0.95 on a quiet machine; a busy one stretches what lies between, and no test may depend on that.
        Assert.InRange(run.SpanCoverage, 0.7, 1);
        Assert.Superset(new HashSet<string> { "unet", "vae_encoder", "vae_decoder", "whisper" }, profile.Networks.Select(network => network.Network).ToHashSet());

        NetworkTimes unet = profile.Networks.Single(network => network.Network == "unet");
        Assert.InRange(unet.LayerSeconds[0] / unet.RunSeconds[0], 0.7, 1.0001);
        Assert.Contains(profile.Layers, layer => layer is { Network: "unet", Name: "down_blocks.0.resnets.0.conv1", Operator: "Conv" });

        JobProfile read = JobProfile.Read(Path.Combine(report, "profile.json"));
        Assert.Equal(profile.Layers.Select(layer => (layer.Name, layer.Seconds[0])), read.Layers.Select(layer => (layer.Name, layer.Seconds[0])));
        AssertTrace(Path.Combine(report, "trace.json"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":2,"job":"","backend":"","processors":1,"runs":[],"networks":[],"layers":[],"profilingOverhead":1}""")]
    [InlineData("""{"format":1,"job":null,"backend":"","processors":1,"runs":[],"networks":[],"layers":[],"profilingOverhead":1}""")]
    public void Read_NoProfile_NamesTheFile(string text)
    {
        string path = _folder.File("profile.json");
        File.WriteAllText(path, text);
        Assert.StartsWith(path, Assert.Throws<LatentSyncException>(() => JobProfile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ReportIsAFile_IsRefused()
    {
        File.WriteAllText(_folder.File("report"), "a file");
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(
            () => JobProfiler.RunAsync(ImportedDemoPack.Path, new LipSyncEngineOptions(), Job(), 1, _folder.File("report")));
        Assert.Equal(LatentSyncError.Output, error.Error);
    }

    // Stages and layers on one clock: a network's layers lie inside the span of the run that they belong to.
    private static void AssertTrace(string path)
    {
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement[] events = [.. trace.RootElement.GetProperty("traceEvents").EnumerateArray().Where(item => item.GetProperty("ph").GetString() == "X")];
        (double Start, double End)[] runs = [.. events.Where(item => item.GetProperty("name").GetString() == "run vae_encoder").Select(Bounds)];
        (double Start, double End) layer = Bounds(events.First(item => item.GetProperty("name").GetString() == "encoder.conv_in"));
        Assert.Contains(runs, run => run.Start <= layer.Start && layer.End <= run.End);
        Assert.Contains(events, item => item.GetProperty("name").GetString() == "sync");
    }

    private static (double Start, double End) Bounds(JsonElement item) =>
        (item.GetProperty("ts").GetDouble(), item.GetProperty("ts").GetDouble() + item.GetProperty("dur").GetDouble());

    private static LipSyncOptions Job() => new()
    {
        VideoPath = Path.Combine(Goldens.DemoPack, "media", "presenter.mp4"),
        AudioPath = Path.Combine(Goldens.DemoPack, "media", "speech.wav"),
        OutputPath = "set by the profiler",
        Steps = 2,
        Duration = TimeSpan.FromSeconds(0.7),
    };
}
