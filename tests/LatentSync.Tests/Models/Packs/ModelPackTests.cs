using LatentSync.Models.Configuration;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Packs;

public sealed class ModelPackTests(DemoPackFixture demo) : IClassFixture<DemoPackFixture>
{
    [Fact]
    public void Open_DemoPack_KnowsWhatAPipelineNeeds()
    {
        ModelPack pack = ModelPack.Open(demo.Pack.Path);

        LatentSyncConfig source = LatentSyncConfig.Load(DemoImport.Config);
        Assert.Equal((source.Resolution, source.NumFrames, source.VideoFps, source.GuidanceScale, source.Seed),
            (pack.Config.Resolution, pack.Config.NumFrames, pack.Config.VideoFps, pack.Config.GuidanceScale, pack.Config.Seed));
        Assert.Equal(source.Model.BlockOutChannels, pack.Config.Model.BlockOutChannels);
        Assert.Equal(source.Model.NormEps, pack.Config.Model.NormEps);
        Assert.Equal(PredictionType.VPrediction, pack.SchedulerConfig.PredictionType);
        Assert.Equal(SchedulerConfig.Load(Path.Combine(Goldens.DemoPack, "scheduler_config.json")), pack.SchedulerConfig);
        Assert.Equal((0.18215, 0.0), (pack.VaeScalingFactor, pack.VaeShiftFactor));
        Assert.Equal((80, 96, 2), (pack.WhisperConfig.Mels, pack.WhisperConfig.AudioState, pack.WhisperConfig.AudioLayers));
        Assert.All([pack.UNetPath, pack.VaeEncoderPath, pack.VaeDecoderPath, pack.WhisperPath, pack.DetectorPath, pack.LandmarksPath], path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public void Manifest_Contracts_AreWhatTheGraphsDeclare()
    {
        foreach (PackComponent component in demo.Pack.Manifest.Components)
        {
            using OnnxRuntimeEngine engine = OnnxRuntimeEngine.Load(Path.Combine(demo.Pack.Path, component.Graph), new OnnxRuntimeOptions());

            Assert.Equal(engine.Inputs.Select(Text), component.Inputs.Select(Text));
            Assert.Equal(engine.Outputs.Select(Text), component.Outputs.Select(Text));
            Assert.True(component.ParameterCount > 0);
        }

        static string Text(TensorContract contract) => $"{contract.Name}: {contract.ElementType} [{string.Join(',', contract.Shape)}]";
    }

    [Fact]
    public void Manifest_Text_HoldsNothingOfThisMachine()
    {
        string text = File.ReadAllText(Path.Combine(demo.Pack.Path, "manifest.json"));

        Assert.DoesNotContain(Goldens.RepositoryRoot, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Open_Missing_SaysHowToMakeOne() => AssertRefused("nowhere/pack", "models import");

    [Fact]
    public void Open_Checkpoints_SaysTheyMustBeImported() => AssertRefused(DemoImport.Checkpoints, "must be imported first");

    [Fact]
    public void Open_File_IsRefused() => AssertRefused(DemoImport.Config, "a pack is a folder");

    [Theory]
    [InlineData("\"format_version\": 1", "\"format_version\": 2", "pack format 2")]
    [InlineData("latentsync-pack", "other-pack", "not a LatentSync model pack")]
    [InlineData("unet/unet.onnx\"", "../unet/unet.onnx\"", "leaves the pack")]
    [InlineData("unet/unet.onnx\"", "/etc/passwd\"", "leaves the pack")]
    [InlineData("unet/unet.onnx\"", "C:/unet.onnx\"", "leaves the pack")]
    [InlineData("\"name\": \"whisper\"", "\"name\": \"unet\"", "2 of 'unet'")]
    [InlineData("\"name\": \"whisper\"", "\"name\": \"extra\"", "no 'whisper'")]
    [InlineData("\"resolution\": 128", "\"resolution\": 127", "data.resolution")]
    [InlineData("\"prediction_type\": \"v_prediction\"", "\"prediction_type\": \"flow\"", "prediction_type")]
    [InlineData("\"scaling_factor\": 0.18215", "\"scaling_factor\": 0", "VAE")]
    [InlineData("\"audio_heads\": 4", "\"audio_heads\": -4", "Whisper")]
    [InlineData("\"components\": [", "\"components\": 3, \"x\": [", "damaged")]
    [InlineData("\"sha256\": \"", "\"sha256\": \"ZZ", "SHA-256")]
    [InlineData("{", "", "damaged")]
    public void Open_ManifestWithAFalseClaim_IsRefused(string from, string to, string named)
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        string manifest = Path.Combine(pack, "manifest.json"), text = File.ReadAllText(manifest);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(manifest, from == "{" ? text[1..] : text.Replace(from, to, StringComparison.Ordinal));

        AssertRefused(pack, named);
    }

    [Fact]
    public void Open_MissingProduct_NamesIt()
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        File.Delete(Path.Combine(pack, "faces", "detector.onnx"));

        AssertRefused(pack, "faces/detector.onnx is missing");
    }

    [Fact]
    public void Open_TruncatedProduct_NamesIt()
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        using (FileStream stream = File.OpenWrite(Path.Combine(pack, "unet", "unet.onnx.data")))
        {
            stream.SetLength(100);
        }

        AssertRefused(pack, "unet/unet.onnx.data has 100 bytes");
    }

    private static void AssertRefused(string path, string named)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => ModelPack.Open(path));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
