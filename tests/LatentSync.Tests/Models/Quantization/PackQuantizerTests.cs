using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Precision;
using LatentSync.Models.Quantization;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Quantization;

public sealed class PackQuantizerTests
{
    [Fact]
    public async Task QuantizeAsync_Int8_MakesAPackThatTellsWhatItIs()
    {
        using TemporaryFolder folder = new(" é");
        QuantizeResult first = await PackQuantizer.QuantizeAsync(Options("int8", folder.File("a"), Calibrate()));
        QuantizeResult second = await PackQuantizer.QuantizeAsync(Options("int8", folder.File("b"), Calibrate()));

        Assert.Empty(await ModelPackVerifier.VerifyAsync(folder.File("a")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.File("a"), "manifest.json")), File.ReadAllBytes(Path.Combine(folder.File("b"), "manifest.json")));
        PackComponent before = first.Source.Components[0], after = first.Pack.Component("unet");
        Assert.Equal((before.ParameterCount, before.Inputs.Count), (after.ParameterCount, after.Inputs.Count));
        Assert.Equal(before.Inputs.Select(input => input.Changes), after.Inputs.Select(input => input.Changes));
        Assert.Equal("float32, int32, int8, uint8", after.Precision);
        Assert.Equal(first.Source.Components.Skip(1).SelectMany(component => component.Files), second.Pack.Manifest.Components.Skip(1).SelectMany(component => component.Files));

        PackQuantization note = ModelPack.Open(folder.File("a")).Manifest.Quantization!;
        QuantizedComponent unet = Assert.Single(note.Networks);
        Assert.Equal(("int8", "onnx-cpu", "int8", "all", "percentile 99.99", 1), (note.Recipe, note.Target, unet.Precision, unet.Level, unet.Range, unet.CalibrationRuns));
        Assert.Contains(unet.Excluded, line => line == "conv_in: excluded by default (conv_in)");
        Assert.Equal(first.Reports["unet"].ChosenCount, unet.QuantizedLayerCount);
        using OnnxModelReader reader = OnnxModelReader.Open(first.Pack.UNetPath);
        Assert.Equal(QuantizedKinds.Int8 | QuantizedKinds.Other, GraphQuantization.Find(reader.Graph));
    }

    [Theory]
    [InlineData("fp16", "float16, float32")]
    [InlineData("bf16", "bfloat16, float32")]
    [InlineData("weight-only", "float32, int8")]
    [InlineData("int8-dynamic", "float32, int8")]
    public async Task QuantizeAsync_PresetsWithoutCalibration_AreSmaller(string preset, string types)
    {
        using TemporaryFolder folder = new();
        QuantizeResult result = await PackQuantizer.QuantizeAsync(Options(preset, folder.File("out"), null));

        Assert.Equal(types, result.Pack.Component("unet").Precision);
        Assert.True(result.Pack.Component("unet").SizeInBytes < 0.7 * result.Source.Components[0].SizeInBytes);
    }

    [Fact]
    public async Task QuantizeAsync_StatisticsOfAnotherPack_LeaveNothing()
    {
        using TemporaryFolder folder = new();
        NetworkStatistics other = new(new string('b', 64)) { RunCount = 1 };
        CalibrationStatistics statistics = new(new Dictionary<string, NetworkStatistics> { ["unet"] = other }, [], "other.json");

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => PackQuantizer.QuantizeAsync(Options("int8", folder.File("out"), statistics)));

        Assert.Contains("other.json: its statistics of 'unet' were made with other weights", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task QuantizeAsync_PackThatIsQuantized_IsRefused()
    {
        using TemporaryFolder folder = new();
        await PackQuantizer.QuantizeAsync(Options("weight-only", folder.File("once"), null));

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(
            () => PackQuantizer.QuantizeAsync(Options("weight-only", folder.File("twice"), null) with { PackPath = folder.File("once") }));

        Assert.Contains("quantized already (weight-only)", error.Message, StringComparison.Ordinal);
        Assert.Equal(["once"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task QuantizeAsync_FolderInTheWay_IsLeftAlone()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("mine.txt"), "text");

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => PackQuantizer.QuantizeAsync(Options("weight-only", folder.Path, null)));

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    private static QuantizeOptions Options(string preset, string output, CalibrationStatistics? calibration) => new()
    {
        PackPath = ImportedDemoPack.Path,
        Recipe = RecipePresets.Find(preset)!,
        OutputPath = output,
        Calibration = calibration,
    };

    private static CalibrationStatistics Calibrate()
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        NetworkStatistics statistics = new(pack.Component("unet").ComputeFingerprint());
        using OnnxModelReader model = OnnxModelReader.Open(pack.UNetPath);
        using CalibratingEngine engine = CalibratingEngine.Load(model.Graph, pack.UNetPath, statistics, 5, new OnnxRuntimeOptions());
        engine.Run(DemoInputs.UNet());
        return new CalibrationStatistics(new Dictionary<string, NetworkStatistics> { ["unet"] = statistics }, [], "demo.json");
    }
}
