using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Models.Precision;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

public sealed class PackEnginesTests
{
    [Fact]
    public void Requests_DemoPack_FollowItsConfiguration()
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        IReadOnlyList<EngineBuildRequest> requests = PackEngines.Requests(pack, new PackEngineOptions { Resolution = 128 });
        Assert.Equal(["unet", "vae_encoder", "vae_decoder"], requests.Select(request => request.Network));
        int frames = pack.Config.NumFrames, side = 128 / pack.Manifest.Vae.DownscaleFactor;
        // Ten rows of 20 ms around a frame, each with the embedding and every layer.
        int tokens = 10 * (pack.WhisperConfig.AudioLayers + 1);
        ProfileShape[] whole = [.. requests[0].Profiles[0].Shapes], last = [.. requests[0].Profiles[1].Shapes];
        Assert.Equal([1, 13, frames, side, side], whole[0].Min);
        Assert.Equal([2, 13, frames, side, side], whole[0].Max);
        Assert.Equal([1, 13, 1, side, side], last[0].Min);
        Assert.Equal([2, 13, frames, side, side], last[0].Max);
        Assert.Equal([2 * frames, tokens], whole[1].Max.Take(2));
        Assert.Equal([2, 3, 128, 128], requests[1].Profiles[0].Shapes[0].Max);
        Assert.Equal([2, 4, side, side], requests[2].Profiles[0].Shapes[0].Max);
        // Both pictures of a face are encoded at once, and one is decoded.
        Assert.Equal((2, 1), (requests[1].Profiles[0].Shapes[0].Opt[0], requests[2].Profiles[0].Shapes[0].Opt[0]));
        Assert.All(requests, request => Assert.True(File.Exists(request.ModelPath)));
    }

    [Theory]
    [InlineData(EnginePrecision.Int8)]
    [InlineData(EnginePrecision.Fp8)]
    public void Requests_UNetIsNotQuantized_IsRefusedBeforeAnythingIsBuilt(EnginePrecision precision)
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        PackEngineOptions options = new() { Precision = precision, Networks = ["vae_encoder", "unet"] };
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => PackEngines.Requests(pack, options));
        Assert.StartsWith(pack.UNetPath, error.Message, StringComparison.Ordinal);
        Assert.Contains("not quantized", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_OnlyTheUNetIsQuantized_TakesTheVaeInHalfPrecision()
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(ImportedDemoPack.Path, "*", SearchOption.AllDirectories))
        {
            string to = folder.File(Path.GetRelativePath(ImportedDemoPack.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        ModelPack pack = ModelPack.Open(folder.Path);
        OnnxModelWriter.Write(SmallGraphs.Quantized(SmallGraphs.Int8("zero")), pack.UNetPath);
        OnnxModelWriter.Write(SmallGraphs.Quantized(SmallGraphs.Int8("zero")), pack.VaeDecoderPath);
        Assert.Equal(
            [EnginePrecision.Int8, EnginePrecision.Fp16, EnginePrecision.Int8],
            PackEngines.Requests(pack, new PackEngineOptions { Precision = EnginePrecision.Int8 }).Select(request => request.Precision));
        Assert.Contains("quantized as Int8", Assert.Throws<LatentSyncException>(() => PackEngines.Requests(pack, new PackEngineOptions { Precision = EnginePrecision.Fp8 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_RewrittenAndCached_AreItsNetworksWithTheExtentsBetweenThem()
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        UNetProgramOptions form = UNetEngineForm.Of(UNetRewrites.All, guided: true, cacheBranch: 0);
        IReadOnlyList<EngineBuildRequest> requests = PackEngines.Requests(pack, new PackEngineOptions { Networks = ["unet"], Resolution = 128, UNet = form });
        Assert.Equal(["unet-schedule", "unet-chunk", "unet-step", "unet-shallow"], requests.Select(request => request.Network));
        Assert.Equal(4, requests.Select(request => request.Preparation.Hash(request.ModelPath, default).Content).Distinct().Count());
        int frames = pack.Config.NumFrames, side = 128 / pack.Manifest.Vae.DownscaleFactor;

        // The timestep is fixed; of all others one item gives both halves, and the features that are reused have both.
        Assert.Empty(requests[0].Profiles);
        Assert.All(requests.Skip(1), request => Assert.Equal(2, request.Profiles.Count));
        ProfileShape noisy = requests[2].Profiles[0].Shapes.Single(shape => shape.Input == UNetValues.NoisyLatents);
        Assert.Equal([1, 4, frames, side, side], noisy.Max);
        ProfileShape whole = requests[3].Profiles[0].Shapes.Single(shape => shape.Input == UNetValues.DeepFeatures);
        ProfileShape last = requests[3].Profiles[1].Shapes.Single(shape => shape.Input == UNetValues.DeepFeatures);
        Assert.Equal((2L * frames, 2L * frames), (whole.Min[0], whole.Max[0]));
        Assert.Equal((2, 2L * frames), (last.Min[0], last.Max[0]));
        Assert.Equal([side, side], last.Max.Skip(2));

        // Everything that a step reads, it is given a range for, or it is fixed.
        string[] constants = [.. requests[2].Profiles[0].Shapes.Select(shape => shape.Input).Where(input => input != UNetValues.NoisyLatents)];
        Assert.NotEmpty(constants);
        Assert.DoesNotContain(UNetValues.EncoderHiddenStates, constants);
    }

    [Theory]
    [InlineData(UNetRewrites.None, true, null, "")]
    [InlineData(UNetRewrites.None, false, 2, " --cache-branch 2")]
    [InlineData(UNetRewrites.All, true, null, " --rewrites")]
    [InlineData(UNetRewrites.All, false, 0, " --rewrites --guidance 1 --cache-branch 0")]
    public void BuildOptions_Form_AreThoseThatMakeIt(UNetRewrites rewrites, bool guided, int? branch, string options) =>
        Assert.Equal(options, UNetEngineForm.BuildOptions(UNetEngineForm.Of(rewrites, guided, branch)));

    // Without rewrites one form serves jobs with and without guidance.
    [Fact]
    public void Of_PlainNetwork_IsOneForm() =>
        Assert.Equal(UNetEngineForm.Of(UNetRewrites.None, guided: true, null), UNetEngineForm.Of(UNetRewrites.None, guided: false, null));

    [Fact]
    public void Requests_NetworkWithoutEngines_NamesThoseWith()
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => PackEngines.Requests(pack, new PackEngineOptions { Networks = ["whisper"] }));
        Assert.Contains("vae_decoder", error.Message, StringComparison.Ordinal);
    }
}
