using LatentSync.Models.Packs;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;
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
        Assert.All(requests, request => Assert.True(File.Exists(request.ModelPath)));
    }

    [Fact]
    public void Requests_NetworkWithoutEngines_NamesThoseWith()
    {
        ModelPack pack = ModelPack.Open(ImportedDemoPack.Path);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => PackEngines.Requests(pack, new PackEngineOptions { Networks = ["whisper"] }));
        Assert.Contains("vae_decoder", error.Message, StringComparison.Ordinal);
    }
}
