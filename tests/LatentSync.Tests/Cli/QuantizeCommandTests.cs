using System.Text.Json;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Cli;

/// <summary><c>latentsync quantize</c> as a user runs it.</summary>
public sealed class QuantizeCommandTests : IDisposable
{
    private const int Usage = 2, Model = 4;

    private readonly SyncBench _bench = new();

    private string Pack => _bench["out/pack"];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Quantize_WeightOnly_WritesThePackAndTellsWhatItDid()
    {
        CliResult result = await _bench.RunAsync([.. Quantize("weight-only"), "--json"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        JsonElement last = result.Events[^1];
        Assert.Equal(("result", Pack), (last.GetProperty("event").GetString(), last.GetProperty("pack").GetString()));
        JsonElement unet = last.GetProperty("quantization").GetProperty("networks")[0];
        Assert.Equal(("unet", "weight-only"), (unet.GetProperty("name").GetString(), unet.GetProperty("precision").GetString()));
        Assert.NotEmpty(unet.GetProperty("excluded").EnumerateArray());
        Assert.Equal(["pack"], _bench.Outputs);
    }

    [Fact]
    public async Task Quantize_Int8WithoutCalibration_AsksForIt() => await _bench.RefusesAsync(Usage, Quantize("int8"), "--calibration");

    [Fact]
    public async Task Quantize_PresetForTheWrongRuntime_SaysWhy() => await _bench.RefusesAsync(Usage, [.. Quantize("fp16"), "--target", "onnx-cpu"], "more slowly than float32");

    [Fact]
    public async Task Quantize_UnknownRecipe_NamesThePresets() => await _bench.RefusesAsync(Usage, Quantize("int3"), "weight-only");

    [Fact]
    public async Task Quantize_StatisticsThatAreNone_NamesTheFile()
    {
        string file = Path.Combine(_bench.Folder, "stats.json");
        File.WriteAllText(file, "{}");
        await _bench.RefusesAsync(Model, [.. Quantize("int8"), "--calibration", file], "stats.json");
    }

    private string[] Quantize(string recipe) => ["quantize", "--models", ImportedDemoPack.Path, "--recipe", recipe, "--out", Pack];
}
