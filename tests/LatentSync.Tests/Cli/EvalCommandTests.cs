using System.Text.Json;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

/// <summary><c>latentsync eval</c> as a user runs it, over the drawn presenter.</summary>
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

    [Fact]
    public async Task Eval_Reference_PrintsTheComparison()
    {
        string clip = _bench.Make("-i", SyncBench.Presenter, "-frames:v", "4", "-crf", "35", "worse.mp4"), reference = _bench.Make("-i", SyncBench.Presenter, "-frames:v", "4", "-crf", "1", "good.mp4");

        CliResult result = await _bench.RunAsync(["eval", "--video", clip, "--reference", reference, "--models", ImportedDemoPack.Path, "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        JsonElement comparison = Assert.Single(result.EventsOf("comparison"));
        Assert.Equal(4, comparison.GetProperty("frames").GetInt32());
        Assert.False(comparison.GetProperty("identical").GetBoolean());
        Assert.InRange(comparison.GetProperty("psnr").GetDouble(), 20, 60);
        Assert.InRange(comparison.GetProperty("ssim").GetDouble(), 0.5, 0.9999);
        JsonElement face = comparison.GetProperty("face");
        Assert.Equal(4, face.GetProperty("frames").GetInt32());
        Assert.InRange(face.GetProperty("mouthPsnr").GetDouble(), 20, 60);
        Assert.True(face.GetProperty("mouthFlicker").GetDouble() > 0);
    }

    [Fact]
    public async Task Eval_IdenticalVideosWithoutAPack_PrintsThatAndWhatIsLeftOut()
    {
        string clip = _bench.Make("-i", SyncBench.Presenter, "-frames:v", "2", "clip.mp4");

        CliResult text = await _bench.RunAsync(["eval", "--video", clip, "--reference", clip]), json = await _bench.RunAsync(["eval", "--video", clip, "--reference", clip, "--json"]);

        Assert.Equal((0, 0), (text.ExitCode, json.ExitCode));
        Assert.Contains("PSNR     identical\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("--models", text.Errors, StringComparison.Ordinal);
        JsonElement comparison = Assert.Single(json.EventsOf("comparison"));
        Assert.True(comparison.GetProperty("identical").GetBoolean());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (comparison.GetProperty("psnr").ValueKind, comparison.GetProperty("face").ValueKind));
        Assert.Equal(1, comparison.GetProperty("ssim").GetDouble());
    }

    [Fact]
    public async Task Eval_MouthThatNeverMoves_GivesNoCorrelation()
    {
        File.WriteAllText(_bench["still.csv"], "frame,openness\n0,0.5\n1,0.5\n2,0.5\n");

        CliResult result = await _bench.RunAsync([.. Eval(_bench["still.csv"]), "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(JsonValueKind.Null, Assert.Single(result.EventsOf("score")).GetProperty("correlation").ValueKind);
    }

    [Fact]
    public async Task Eval_NeitherReferenceNorTable_IsRefused() => await _bench.RefusesAsync(Usage, ["eval", "--video", SyncBench.Presenter], "--reference", "--mouth");

    [Fact]
    public async Task Eval_MinimumWithoutTable_IsRefused() =>
        await _bench.RefusesAsync(Usage, ["eval", "--video", SyncBench.Presenter, "--reference", SyncBench.Presenter, "--minimum", "0.5"], "--minimum");

    [Fact]
    public async Task Eval_NoReference_NamesIt() =>
        await _bench.RefusesAsync(Media, ["eval", "--video", SyncBench.Presenter, "--reference", _bench["absent.mp4"]], "absent.mp4");

    private static string[] Eval(string table) => ["eval", "--video", SyncBench.Presenter, "--mouth", table, "--models", ImportedDemoPack.Path];

    private string Table()
    {
        string whole = Path.Combine(Goldens.DemoPack, "media", "speech.mouth.csv");
        File.WriteAllLines(_bench["mouth.csv"], File.ReadLines(whole).Take(Frames + 1));
        return _bench["mouth.csv"];
    }
}
