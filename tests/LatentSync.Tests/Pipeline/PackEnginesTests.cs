using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
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
    public void Requests_NetworkWithoutEngines_NamesThoseWith()
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => PackEngines.Requests(pack, new PackEngineOptions { Networks = ["whisper"] }));
        Assert.Contains("vae_decoder", error.Message, StringComparison.Ordinal);
    }
}
