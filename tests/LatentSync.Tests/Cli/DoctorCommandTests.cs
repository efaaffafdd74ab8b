using System.Text.Json;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

/// <summary><c>latentsync doctor</c> as a user runs it.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private const int Missing = 7;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Doctor_Text_SaysWhatIsThereAndHowToFixTheRest()
    {
        CliResult result = await _bench.RunAsync(["doctor", "--models", ImportedDemoPack.Path, _bench["absent"]]);

        Assert.True(result.ExitCode == 0, result.Errors);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.All(new[] { "ok      ffmpeg: ", "ok      ffprobe: ", "ok      ONNX Runtime: ", $"ok      model pack {ImportedDemoPack.Path}: 128 px" }, beginning =>
            Assert.Single(lines, line => line.StartsWith(beginning, StringComparison.Ordinal)));
        int absent = Array.FindIndex(lines, line => line.StartsWith($"absent  model pack {_bench["absent"]}: ", StringComparison.Ordinal));
        Assert.Contains("models import", lines[absent + 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Json_EveryLineIsAFindingOfItsOwn()
    {
        CliResult result = await _bench.RunAsync(["doctor", "--models", ImportedDemoPack.Path, "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Empty(result.Errors);
        JsonElement[] findings = [.. result.EventsOf("finding")];
        Assert.Equal(result.Events.Length, findings.Length);
        string[] names = [.. findings.Select(finding => finding.GetProperty("name").GetString()!)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(new[] { "ILGPU devices", "CUDA driver", "TensorRT" }, name => Assert.Contains(name, names));
        Assert.All(findings, finding =>
        {
            Assert.NotEmpty(finding.GetProperty("detail").GetString()!);
            Assert.Equal(finding.GetProperty("found").GetBoolean(), finding.GetProperty("fix").GetString()!.Length == 0);
        });
    }

    [Fact]
    public async Task Doctor_WithoutFfmpeg_FailsAndSaysHowToGetIt()
    {
        CliResult result = await _bench.RunAsync(["doctor", "--models", ImportedDemoPack.Path], ("LATENTSYNC_FFMPEG", _bench["temp"]));

        Assert.Equal(Missing, result.ExitCode);
        Assert.Contains("MISSING ffmpeg: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("install ffmpeg", result.Output, StringComparison.Ordinal);
    }
}
