using LatentSync.Tests.Support;
using LatentSync.Tests.Video;

namespace LatentSync.Tests.Cli;

/// <summary>Runs <c>latentsync sync</c> in a folder of its own and looks at what is left: <c>out</c> for outputs, <c>temp</c> for temporary files.</summary>
public sealed class SyncBench : IDisposable
{
    private readonly MediaBench _media = new();

    public SyncBench()
    {
        Directory.CreateDirectory(this["out"]);
        Directory.CreateDirectory(this["temp"]);
    }

    /// <summary>A drawn presenter, whose face the demo pack finds.</summary>
    public static string Presenter => Path.Combine(Goldens.DemoPack, "media", "presenter.mp4");

    public static string Speech => Path.Combine(Goldens.DemoPack, "media", "speech.wav");

    public string Folder => _media.Folder;

    public string this[string name] => _media[name];

    public string Make(params string[] arguments) => _media.Make(arguments);

    public string Run(string program, params string[] arguments) => _media.Run(program, arguments);

    public string Probe(string file, string kind, string fields) => _media.Probe(file, kind, fields);

    /// <summary>A picture without a face: its frames pass through, which costs no network but the detector.</summary>
    public string MakeFaceless(string name, double seconds) =>
        Make("-f", "lavfi", "-i", FormattableString.Invariant($"color=gray:s=320x240:r=25:d={seconds}"), "-preset", "ultrafast", name);

    public string MakeTone(string name, double seconds) => Make("-f", "lavfi", "-i", FormattableString.Invariant($"sine=d={seconds}"), name);

    /// <summary>A short job of one step at a quarter of the demo pack's size, with changes: an option with null is left out.</summary>
    public string[] Job(params (string Option, string? Value)[] changes)
    {
        Dictionary<string, string?> options = new()
        {
            ["--video"] = Presenter,
            ["--audio"] = Speech,
            ["--models"] = ImportedDemoPack.Path,
            ["--out"] = this["out/out.mp4"],
            ["--temp-dir"] = this["temp"],
            ["--steps"] = "1",
            ["--guidance"] = "1",
            ["--resolution"] = "64",
            ["--duration"] = "0.12",
        };
        foreach ((string option, string? value) in changes)
        {
            options[option] = value;
        }

        return ["sync", .. options.Where(o => o.Value is not null).SelectMany(o => new[] { o.Key, o.Value! }), "--no-cache"];
    }

    internal CliProcess Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment) => CliProcess.Start(Folder, arguments, environment);

    internal async Task<CliResult> RunAsync(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using CliProcess process = Start(arguments, environment);
        return await process.FinishAsync();
    }

    /// <summary>Runs a job that cannot work and checks how that is told, and that nothing is left of it.</summary>
    internal async Task RefusesAsync(int exitCode, IEnumerable<string> job, params string[] said)
    {
        string[] before = Outputs;
        CheckRefusal(exitCode, await RunAsync([.. job, "--json"]), said);
        Assert.Equal(before, Outputs);
    }

    /// <summary>One line on standard error, the same as JSON, and no temporary file nor process left.</summary>
    internal void CheckRefusal(int exitCode, CliResult result, params string[] said)
    {
        Assert.True(exitCode == result.ExitCode, $"exit code {result.ExitCode} instead of {exitCode}: {result.Errors}");
        string line = Assert.Single(result.Errors.TrimEnd('\n').Split('\n')).TrimEnd('\r');
        Assert.StartsWith("latentsync: ", line, StringComparison.Ordinal);
        Assert.All(said, text => Assert.Contains(text, line, StringComparison.Ordinal));
        System.Text.Json.JsonElement error = Assert.Single(result.EventsOf("error"));
        Assert.Equal(exitCode, error.GetProperty("exitCode").GetInt32());
        Assert.Equal(line["latentsync: ".Length..], error.GetProperty("message").GetString());
        CheckNothingLeft();
    }

    internal void CheckNothingLeft()
    {
        Assert.Empty(Directory.GetFileSystemEntries(this["temp"]));
        Assert.Empty(RunningFfmpeg.On(Folder));
    }

    /// <summary>The output folder's entries, hidden ones included.</summary>
    internal string[] Outputs => [.. Directory.GetFileSystemEntries(this["out"]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public void Dispose() => _media.Dispose();
}
