using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Packs;

public sealed class ModelPackVerifierTests(DemoPackFixture demo) : IClassFixture<DemoPackFixture>
{
    [Fact]
    public async Task VerifyAsync_SoundPack_FindsNothing() => Assert.Empty(await ModelPackVerifier.VerifyAsync(demo.Pack.Path));

    [Fact]
    public async Task VerifyAsync_DamagedFiles_ReportsEach()
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        Flip(Path.Combine(pack, "unet", "unet.onnx.data"));
        Flip(Path.Combine(pack, "faces", "landmarks.onnx"));
        File.Delete(Path.Combine(pack, "whisper", "whisper.onnx"));
        File.AppendAllText(Path.Combine(pack, "vae_encoder", "vae_encoder.onnx"), "x");
        File.WriteAllText(Path.Combine(pack, "stranger.txt"), "x");

        IReadOnlyList<PackMismatch> mismatches = await ModelPackVerifier.VerifyAsync(pack);

        Assert.Equal(
            ["unet/unet.onnx.data", "vae_encoder/vae_encoder.onnx", "whisper/whisper.onnx", "faces/landmarks.onnx", "stranger.txt"],
            mismatches.Select(mismatch => mismatch.Path));
        Assert.Contains("SHA-256", mismatches[0].Reason, StringComparison.Ordinal);
        Assert.Contains("bytes", mismatches[1].Reason, StringComparison.Ordinal);
        Assert.Contains("missing", mismatches[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_NoPack_IsAnError() =>
        await Assert.ThrowsAsync<LatentSyncException>(() => ModelPackVerifier.VerifyAsync(DemoImport.Checkpoints));

    [Fact]
    public async Task VerifyAsync_Cancelled_Stops() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ModelPackVerifier.VerifyAsync(demo.Pack.Path, null, new CancellationToken(true)));

    // One bit in the middle: neither length nor structure gives it away.
    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
