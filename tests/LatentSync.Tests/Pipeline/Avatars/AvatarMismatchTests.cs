using LatentSync.Models.Packs;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime;
using LatentSync.Tests.Support;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline.Avatars;

/// <summary>An avatar of another pack, video, size or rate is refused, and says so.</summary>
public sealed class AvatarMismatchTests : IDisposable
{
    private readonly AvatarBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(PackComponentName.Detector, "face detector")]
    [InlineData(PackComponentName.Landmarks, "landmark network")]
    [InlineData(PackComponentName.VaeEncoder, "VAE")]
    public async Task RunAsync_AvatarOfAnotherPack_IsRefused(string component, string said)
    {
        await AvatarBench.MakeAsync(_bench.Options("a.avatar"), OtherPack(component));
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.avatar"]);
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => pipeline.RunAsync(_bench.With(avatar, "out.mp4")));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains("a.avatar", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench["out.mp4"]));
    }

    [Fact]
    public async Task CheckAsync_OptionsThatContradictTheAvatar_AreNamed()
    {
        await AvatarBench.MakeAsync(_bench.Options("a.avatar"));
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.avatar"]);
        LipSyncOptions job = _bench.With(avatar, "out.mp4");

        await LipSyncPipeline.CheckAsync(job);
        await RefusesAsync(job with { Resolution = 128 }, "--resolution 128");
        await RefusesAsync(job with { FrameRate = new Rational(30, 1) }, "--fps 30");
        await RefusesAsync(job with { FaceTransforms = [] }, "FaceTransforms");
        await RefusesAsync(job with { VideoPath = AvatarBench.Tall }, "presenter-30fps-tall.mp4");
    }

    [Fact]
    public async Task OpenAsync_AnotherVideo_IsRefused()
    {
        await AvatarBench.MakeAsync(_bench.Options("a.avatar"));

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => Avatar.OpenAsync(_bench["a.avatar"], AvatarBench.Tall));

        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains("presenter-30fps-tall.mp4", error.Message, StringComparison.Ordinal);
        Assert.Contains("--video", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_VideoMoved_IsFoundBesideTheAvatarOrWhereTheCallerSays()
    {
        string clip = _bench.Cut("clip.mkv", 4);
        await AvatarBench.MakeAsync(_bench.Options("a.avatar", clip));
        string there = Directory.CreateDirectory(_bench["there"]).FullName;
        File.Move(clip, Path.Combine(there, "other.mkv"));
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => Avatar.OpenAsync(_bench["a.avatar"]));
        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains("clip.mkv", error.Message, StringComparison.Ordinal);

        using (Avatar named = await Avatar.OpenAsync(_bench["a.avatar"], Path.Combine(there, "other.mkv")))
        {
            Assert.Equal(Path.Combine(there, "other.mkv"), named.VideoPath);
        }

        File.Move(_bench["a.avatar"], Path.Combine(there, "a.avatar"));
        File.Move(Path.Combine(there, "other.mkv"), Path.Combine(there, "clip.mkv"));
        using Avatar beside = await Avatar.OpenAsync(Path.Combine(there, "a.avatar"));
        Assert.Equal(Path.Combine(there, "clip.mkv"), beside.VideoPath);
    }

    [Fact]
    public async Task CheckAsync_VideoWrittenSinceTheAvatarWasOpened_IsRefused()
    {
        string clip = _bench.Cut("clip.mkv", 4);
        await AvatarBench.MakeAsync(_bench.Options("a.avatar", clip));
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.avatar"]);
        File.Copy(AvatarBench.Presenter, clip, overwrite: true);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => LipSyncPipeline.CheckAsync(_bench.With(avatar, "out.mp4")));

        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains("clip.mkv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_OutputOntoTheAvatar_IsRefused()
    {
        await AvatarBench.MakeAsync(_bench.Options("a.mp4"));
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.mp4"]);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => LipSyncPipeline.CheckAsync(_bench.With(avatar, "a.mp4") with { Overwrite = true }));

        Assert.Equal(LatentSyncError.Output, error.Error);
    }

    private static async Task RefusesAsync(LipSyncOptions job, string said)
    {
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => LipSyncPipeline.CheckAsync(job));
        Assert.Equal(LatentSyncError.Usage, error.Error);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    // The demo pack whose manifest promises other contents of one network; opening compares sizes only.
    private string OtherPack(string component)
    {
        string pack = Directory.CreateDirectory(_bench["pack"]).FullName;
        foreach (string file in Directory.GetFiles(ImportedDemoPack.Path, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(pack, Path.GetRelativePath(ImportedDemoPack.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string manifest = Path.Combine(pack, "manifest.json"), hash = ModelPack.Open(ImportedDemoPack.Path).Component(component).Files[0].Sha256;
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(hash, new string('0', hash.Length), StringComparison.Ordinal));
        return pack;
    }
}
