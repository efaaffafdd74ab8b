using System.Text.RegularExpressions;
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
    public void Manifest_UNetsInputs_SayHowOftenTheyChange()
    {
        Assert.Equal(Marks, UNetMarks(demo.Pack));
        Assert.All(demo.Pack.Manifest.Components.Where(component => component.Name != PackComponentName.UNet), component => Assert.All(component.Inputs, input => Assert.Null(input.Changes)));
        string text = File.ReadAllText(Path.Combine(demo.Pack.Path, "manifest.json"));
        Assert.Equal(2, Regex.Count(text, "\"changes\": \"step\""));
        Assert.Equal(1, Regex.Count(text, "\"changes\": \"chunk\""));
        Assert.Matches("\"chunk_channels\": \\[\\s*4,\\s*13\\s*\\]", text);
    }

    [Fact]
    public void Open_ManifestOfAVersionWithoutMarks_TakesThoseOfItsTime()
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        EditManifest(pack, "(,\\s*\"changes\": \"\\w+\")|(,\\s*\"chunk_channels\": \\[[^\\]]*\\])", string.Empty);
        Assert.DoesNotContain("changes", File.ReadAllText(Path.Combine(pack, "manifest.json")), StringComparison.Ordinal);
        Assert.Equal(Marks, UNetMarks(ModelPack.Open(pack)));
    }

    [Theory]
    [InlineData("\"changes\": \"chunk\"", "\"changes\": \"weekly\"", "changes")]
    [InlineData("\"changes\": \"chunk\"", "\"changes\": 7", "how often 'encoder_hidden_states' of 'unet' changes")]
    [InlineData(",\\s*\"changes\": \"chunk\"", "", "how often 'encoder_hidden_states' of 'unet' changes")]
    [InlineData("\"chunk_channels\": \\[\\s*4", "\"chunk_channels\": [ 0", "the channels of 'sample'")]
    [InlineData("\"chunk_channels\": \\[\\s*4,\\s*13", "\"chunk_channels\": [ 4, 14", "the channels of 'sample'")]
    [InlineData("\"chunk_channels\": \\[\\s*4,", "\"chunk_channels\": [", "the channels of 'sample'")]
    [InlineData("\"inputs\": \\[", "\"inputs\": [ null,", "null")]
    public void Open_ManifestWithWrongMarks_IsRefused(string pattern, string replacement, string named)
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        EditManifest(pack, pattern, replacement);
        AssertRefused(pack, named);
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

    private static readonly string[] Marks = ["sample Step 4-13", "timestep Step", "encoder_hidden_states Chunk"];

    private static IEnumerable<string> UNetMarks(ModelPack pack) => pack.Component(PackComponentName.UNet).Inputs
        .Select(input => $"{input.Name} {input.Changes} {string.Join('-', input.ChunkChannels ?? [])}".TrimEnd());

    private static void EditManifest(string pack, string pattern, string replacement)
    {
        string manifest = Path.Combine(pack, "manifest.json"), text = File.ReadAllText(manifest);
        string edited = Regex.Replace(text, pattern, replacement);
        Assert.NotEqual(text, edited);
        File.WriteAllText(manifest, edited);
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
