using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Packs;

public sealed class CheckpointsLayoutTests
{
    private static readonly string Faces = Path.Combine("auxiliary", "models", "buffalo_l");

    [Fact]
    public async Task ImportAsync_EmptyFolder_NamesEverythingThatIsMissingAtOnce()
    {
        using TemporaryFolder folder = new();

        string message = await FailAsync(folder, folder.Path);

        Assert.StartsWith(folder.Path, message, StringComparison.Ordinal);
        Assert.All(["latentsync_unet.pt", "whisper/*.pt", "sd-vae-ft-mse/", "det_10g.onnx", "2d106det.onnx"], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ImportAsync_MissingFolder_NamesIt()
    {
        using TemporaryFolder folder = new();
        Assert.StartsWith($"{folder.File("none")}: no such folder", await FailAsync(folder, folder.File("none")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_MissingOwnPath_NamesIt()
    {
        using TemporaryFolder folder = new();
        string message = await FailAsync(DemoImport.Options(folder) with { UNetPath = folder.File("none.pt") });
        Assert.StartsWith($"{folder.File("none.pt")}: no such file", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latentsync_unet.pt", "latentsync_unet.pt")]
    [InlineData("whisper/demo.pt", "whisper/*.pt")]
    [InlineData("vae/config.json", "config.json")]
    [InlineData("vae/diffusion_pytorch_model.safetensors", "diffusion_pytorch_model")]
    [InlineData("auxiliary/models/buffalo_l/det_10g.onnx", "det_10g.onnx")]
    [InlineData("auxiliary/models/buffalo_l/2d106det.onnx", "2d106det.onnx")]
    public async Task ImportAsync_OneFileMissing_NamesIt(string removed, string named)
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        File.Delete(Path.Combine(checkpoints, removed));

        Assert.Contains(named, await FailAsync(folder, checkpoints), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latentsync_unet.pt")]
    [InlineData("whisper/demo.pt")]
    [InlineData("vae/config.json")]
    [InlineData("vae/diffusion_pytorch_model.safetensors")]
    [InlineData("auxiliary/models/buffalo_l/det_10g.onnx")]
    [InlineData("auxiliary/models/buffalo_l/2d106det.onnx")]
    public async Task ImportAsync_FileOfAnotherKind_IsNamed(string replaced)
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        string path = Path.Combine(checkpoints, replaced);
        File.WriteAllText(path, "<html>please log in</html>");

        Assert.StartsWith(path, await FailAsync(folder, checkpoints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_SwappedFaceNetworks_AreNoticed()
    {
        using TemporaryFolder folder = new();
        string faces = Path.Combine(DemoImport.Checkpoints, Faces);

        string message = await FailAsync(DemoImport.Options(folder) with { DetectorPath = Path.Combine(faces, "2d106det.onnx"), LandmarksPath = Path.Combine(faces, "det_10g.onnx") });

        Assert.Contains("not an SCRFD detector", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_TwoDetectors_NamesBoth()
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        File.Copy(Path.Combine(checkpoints, Faces, "det_10g.onnx"), Path.Combine(checkpoints, Faces, "det_500m.onnx"));

        string message = await FailAsync(folder, checkpoints);

        Assert.Contains("det_10g.onnx, det_500m.onnx", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_TwoVaes_NamesBoth()
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        Directory.CreateDirectory(Path.Combine(checkpoints, "sd-vae-ft-mse"));

        Assert.Contains("vae/ and sd-vae-ft-mse/", await FailAsync(folder, checkpoints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_TwoFittingWhispers_NamesBoth()
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        File.Copy(Path.Combine(checkpoints, "whisper", "demo.pt"), Path.Combine(checkpoints, "whisper", "other.pt"));

        string message = await FailAsync(folder, checkpoints);

        Assert.Contains("demo.pt (n_audio_state 96), other.pt (n_audio_state 96)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ImportAsync_NoFittingWhisper_NamesThoseFound()
    {
        using TemporaryFolder folder = new();
        string config = folder.File("unet.yaml");
        File.WriteAllText(config, File.ReadAllText(DemoImport.Config).Replace("cross_attention_dim: 96", "cross_attention_dim: 384", StringComparison.Ordinal));

        string message = await FailAsync(DemoImport.Options(folder) with { ConfigPath = config });

        Assert.Contains("cross_attention_dim 384", message, StringComparison.Ordinal);
        Assert.Contains("demo.pt (n_audio_state 96)", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ImportAsync_TwoWhispersOfOtherWidths_TakesTheFittingOne()
    {
        string other = Path.Combine(Goldens.Area("audio"), "whisper_small_random.pt");
        Skip.IfNot(File.Exists(other), $"{other} is not in this set of references");
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        File.Copy(other, Path.Combine(checkpoints, "whisper", "another.pt"));

        ImportResult result = await ModelImporter.ImportAsync(DemoImport.Options(folder) with { CheckpointsPath = checkpoints });

        Assert.Equal("demo.pt", Assert.Single(result.Pack.Manifest.Sources, source => source.Role == "whisper").FileName);
    }

    [Theory]
    [InlineData("block_out_channels: [32, 64, 64, 64]", "block_out_channels: [32, 64, 64, 128]")]
    [InlineData("use_motion_module: true", "use_motion_module: false")]
    [InlineData("norm_num_groups: 8", "norm_num_groups: 7")]
    [InlineData("in_channels: 13", "in_channels: 12")]
    [InlineData("act_fn: silu", "act_fn: mish")]
    public async Task ImportAsync_ConfigOfAnotherModel_IsOneClearError(string from, string to)
    {
        using TemporaryFolder folder = new();
        string config = folder.File("unet.yaml");
        File.WriteAllText(config, File.ReadAllText(DemoImport.Config).Replace(from, to, StringComparison.Ordinal));

        string message = await FailAsync(DemoImport.Options(folder) with { ConfigPath = config });

        Assert.StartsWith("/", message.Replace('\\', '/')[(OperatingSystem.IsWindows() ? 2 : 0)..], StringComparison.Ordinal);
    }

    private static Task<string> FailAsync(TemporaryFolder folder, string checkpoints) => FailAsync(DemoImport.Options(folder) with { CheckpointsPath = checkpoints });

    private static async Task<string> FailAsync(ImportOptions options)
    {
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => ModelImporter.ImportAsync(options));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(options.OutputPath));
        Assert.DoesNotContain(DemoImport.Names(Path.GetDirectoryName(options.OutputPath)!), name => name.StartsWith('.'));
        return error.Message;
    }
}
