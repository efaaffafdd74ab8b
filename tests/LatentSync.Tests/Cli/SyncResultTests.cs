using System.Text.Json;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

/// <summary>What jobs that work print and write.</summary>
public sealed class SyncResultTests : IDisposable
{
    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Sync_Json_EveryLineIsAnEventAndTheResultIsWhole()
    {
        string video = _bench.MakeFaceless("faceless.mp4", 0.4);
        CliResult result = await _bench.RunAsync([.. _bench.Job(("--video", video), ("--duration", "0.6")), "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Empty(result.Errors);
        Assert.All(result.Events, e => Assert.Contains(e.GetProperty("event").GetString(), new[] { "progress", "note", "result" }));
        Assert.Contains(result.EventsOf("note"), e => e.GetProperty("message").GetString()!.Contains("loop", StringComparison.Ordinal));
        double[] fractions = [.. result.EventsOf("progress").Select(e => e.GetProperty("fraction").GetDouble())];
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
        CheckResult(result.Events[^1], _bench["out/out.mp4"]);
        Assert.Equal(["out.mp4"], _bench.Outputs);
        _bench.CheckNothingLeft();
    }

    [Fact]
    public async Task Sync_Piped_PrintsPlainLinesAndTheResultAlone()
    {
        string video = _bench.MakeFaceless("faceless.mp4", 0.2);
        CliResult result = await _bench.RunAsync(_bench.Job(("--video", video)));

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.StartsWith($"{_bench["out/out.mp4"]}: 3 frames, 320x240, 25 fps", result.Output, StringComparison.Ordinal);
        Assert.Contains("frames 0-2: no face", result.Output, StringComparison.Ordinal);
        Assert.Contains("[100%] video encode 3/3 frames", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', result.Errors);
        Assert.DoesNotContain('\u001b', result.Errors + result.Output);
    }

    [Fact]
    public async Task Sync_OddNames_AreNothingSpecial()
    {
        string folder = Directory.CreateDirectory(_bench["Übung \"zwei\" 'drei' $HOME;& 日本語"]).FullName;
        string Place(string source, string name)
        {
            string path = Path.Combine(folder, name);
            File.Copy(source, path);
            return path;
        }

        Directory.CreateSymbolicLink(Path.Combine(folder, "pack \" 模型"), ImportedDemoPack.Path);
        CliResult result = await _bench.RunAsync([.. _bench.Job(
            ("--video", Place(SyncBench.Presenter, "vidéo %03d \"a\".mp4")),
            ("--audio", Place(SyncBench.Speech, "-i речь 'b' \\.wav")),
            ("--models", Path.Combine(folder, "pack \" 模型")),
            ("--out", Path.Combine(folder, "ausgäbe %d :\"c\".mp4")),
            ("--temp-dir", Path.Combine(folder, "temp ' \" %"))), "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("3", _bench.Probe(Path.Combine(folder, "ausgäbe %d :\"c\".mp4"), "v", "nb_frames"));
        Assert.False(Directory.Exists(Path.Combine(folder, "temp ' \" %")), "the job made it");
    }

    // Decoding, encoding and the speech alike; the search path leads nowhere.
    [SkippableFact]
    public async Task Sync_FfmpegOfTheVariable_IsTheOnlyOneThatRuns()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-ins are shell scripts");
        string bin = Directory.CreateDirectory(_bench["bin"]).FullName, log = _bench["log"];
        foreach (string tool in new[] { "ffmpeg", "ffprobe" })
        {
            string real = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, tool)).First(File.Exists);
            File.WriteAllText(Path.Combine(bin, tool), $"#!/bin/sh\necho \"$*\" >> '{log}'\nexec '{real}' \"$@\"\n");
            _bench.Run("chmod", "+x", Path.Combine(bin, tool));
        }

        CliResult result = await _bench.RunAsync(_bench.Job(("--video", _bench.MakeFaceless("faceless.mp4", 0.2))), ("LATENTSYNC_FFMPEG", bin), ("PATH", _bench["temp"]));

        Assert.True(result.ExitCode == 0, result.Errors);
        string runs = File.ReadAllText(log);
        Assert.All(new[] { "-f rawvideo pipe:1", "-f s16le", "libx264", "-show_streams" }, part => Assert.Contains(part, runs, StringComparison.Ordinal));
    }

    private static void CheckResult(JsonElement result, string output)
    {
        Assert.Equal("result", result.GetProperty("event").GetString());
        Assert.Equal(output, result.GetProperty("output").GetString());
        Assert.Equal(15, result.GetProperty("frames").GetInt32());
        Assert.True(result.GetProperty("peakMemoryInBytes").GetInt64() > 0);
        Assert.True(result.GetProperty("stageSeconds").GetProperty("videoEncode").GetDouble() > 0);
        JsonElement[] missing = [.. result.GetProperty("missingFaces").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, 15), missing.Select(m => m.GetProperty("frame").GetInt32()));

        // Ten frames forwards, then back.
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7, 6, 5], missing.Select(m => m.GetProperty("source").GetInt32()));
        Assert.All(missing, m => Assert.Equal("no face", m.GetProperty("reason").GetString()));
    }
}
