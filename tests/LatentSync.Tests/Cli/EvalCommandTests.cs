using System.Text.Json;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

/// <summary><c>latentsync eval</c> as a user runs it, over the first frames of the drawn presenter.</summary>
public sealed class EvalCommandTests : IDisposable
{
    private const int Usage = 2, Media = 3, BelowMinimum = 8;
    private const int Frames = 12;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Eval_Json_GivesTheScore()
    {
        CliResult result = await _bench.RunAsync([.. Eval(Table()), "--json", "--minimum", "-1"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Empty(result.Errors);
        JsonElement score = Assert.Single(result.Events);
        Assert.Equal("score", score.GetProperty("event").GetString());
        Assert.Equal((Frames, Frames), (score.GetProperty("frames").GetInt32(), score.GetProperty("framesWithFace").GetInt32()));
        Assert.InRange(score.GetProperty("correlation").GetDouble(), -1, 1);
        Assert.Equal(-1, score.GetProperty("minimum").GetDouble());
    }

    [Fact]
    public async Task Eval_BelowTheMinimum_PrintsTheScoreAndFails()
    {
        CliResult result = await _bench.RunAsync([.. Eval(Table()), "--minimum", "1"]);

        Assert.Equal(BelowMinimum, result.ExitCode);
        Assert.StartsWith("lip-sync score ", result.Output, StringComparison.Ordinal);
        string line = Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("latentsync: ", line, StringComparison.Ordinal);
        Assert.Contains("below the minimum 1.000", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_NoTable_NamesIt() => await _bench.RefusesAsync(Media, Eval(_bench["absent.csv"]), "absent.csv");

    [Theory]
    [InlineData("")]
    [InlineData("frame,openness\n")]
    [InlineData("frame,width\n0,1\n")]
    [InlineData("frame,openness\n0,wide\n")]
    public async Task Eval_NoSuchTable_NamesIt(string content)
    {
        File.WriteAllText(_bench["bad.csv"], content);
        await _bench.RefusesAsync(Media, Eval(_bench["bad.csv"]), "bad.csv");
    }

    [Fact]
    public async Task Eval_NoVideo_NamesIt() =>
        await _bench.RefusesAsync(Media, ["eval", "--video", _bench["absent.mp4"], "--mouth", Table(), "--models", ImportedDemoPack.Path], "absent.mp4");

    [Fact]
    public async Task Eval_SenselessMinimum_IsNamed() => await _bench.RefusesAsync(Usage, [.. Eval(Table()), "--minimum", "2"], "--minimum");

    private static string[] Eval(string table) => ["eval", "--video", SyncBench.Presenter, "--mouth", table, "--models", ImportedDemoPack.Path];

    private string Table()
    {
        string whole = Path.Combine(Goldens.DemoPack, "media", "speech.mouth.csv");
        File.WriteAllLines(_bench["mouth.csv"], File.ReadLines(whole).Take(Frames + 1));
        return _bench["mouth.csv"];
    }
}
