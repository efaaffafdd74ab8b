using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime;
using LatentSync.Tests.Support;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline.Avatars;

/// <summary>A job with an avatar gives, bit for bit, what it gives without, and runs no network that looks at the video.</summary>
public sealed class AvatarJobTests : IDisposable
{
    private readonly AvatarBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task RunAsync_WithAvatar_GivesTheSameBytesWithoutFaceNetworksAndEncoder()
    {
        await AvatarBench.MakeAsync(_bench.Options("a.avatar") with { Duration = null, VideoPath = _bench.Cut("clip.mkv", 25) });
        (PipelineRecorder plain, PipelineRecorder prepared) = (new(), new());
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);

        LipSyncReport without = await pipeline.RunAsync(_bench.Job("plain.mp4", _bench["clip.mkv"]) with { Observer = plain });
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.avatar"]);
        LipSyncReport with = await pipeline.RunAsync(_bench.With(avatar, "prepared.mp4") with { Observer = prepared });

        AvatarBench.AssertSame(plain, prepared);
        Assert.Equal(File.ReadAllBytes(_bench["plain.mp4"]), File.ReadAllBytes(_bench["prepared.mp4"]));
        Assert.InRange(without.Calls.VaeEncoder, 18, 20);
        Assert.Equal(new NetworkCalls(0, 0, 0), with.Calls);
        Assert.True(with.FirstFrame.Speech > TimeSpan.Zero && with.FirstFrame.Chunk > TimeSpan.Zero);
        Assert.InRange(with.FirstFrame.Total, with.FirstFrame.Speech + with.FirstFrame.Chunk, with.Elapsed);
    }

    /// <summary>The resolution and rate are the avatar's, the pack's own resolution is another; a second recording begins elsewhere.</summary>
    [Fact]
    public async Task RunAsync_OptionsLeftOut_AreTheAvatars()
    {
        await AvatarBench.MakeAsync(_bench.Options("a.avatar") with { Start = TimeSpan.FromSeconds(1), FrameRate = new Rational(30, 1) });
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.avatar"]);
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        (PipelineRecorder plain, PipelineRecorder prepared) = (new(), new());
        LipSyncOptions job = _bench.Job("a.mp4") with { FrameRate = new Rational(30, 1), Start = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(0.2) };

        await pipeline.RunAsync(job with { Observer = plain });
        await pipeline.RunAsync(job with { Observer = prepared, Avatar = avatar, Resolution = null, OutputPath = _bench["b.mp4"] });

        AvatarBench.AssertSame(plain, prepared);
    }

    [Fact]
    public async Task RunAsync_SpeechOutlastsTheAvatar_PlaysItForthAndBack()
    {
        string clip = _bench.Cut("clip.mkv", 6);
        await AvatarBench.MakeAsync(_bench.Options("a.avatar", clip) with { Duration = null });
        (PipelineRecorder plain, PipelineRecorder prepared) = (new(), new());
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);

        await pipeline.RunAsync(_bench.Job("plain.mp4", clip) with { Observer = plain, LoopedFacesInBytes = 0 });
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.avatar"]);
        LipSyncReport report = await pipeline.RunAsync(_bench.With(avatar, "prepared.mp4") with { Observer = prepared });

        AvatarBench.AssertSame(plain, prepared);
        Assert.Equal([0L, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 5], prepared.Frames.Select(f => f.Source));
        Assert.Equal(new NetworkCalls(0, 0, 0), report.Calls);
    }

    [Fact]
    public async Task RunAsync_FramesWithoutAFace_ArePassedOnAndReportedAsWithoutTheAvatar()
    {
        AvatarOptions options = _bench.Options("a.avatar", AvatarBench.Tall) with { Start = TimeSpan.FromSeconds(1.2), Duration = TimeSpan.FromSeconds(1.4) };
        AvatarReport made = await AvatarBench.MakeAsync(options);
        Assert.NotEmpty(made.MissingFaces);
        Assert.InRange(made.Info.FaceCount, 10, made.Info.FrameCount - 10);
        using Avatar avatar = await Avatar.OpenAsync(_bench["a.avatar"]);
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        (PipelineRecorder plain, PipelineRecorder prepared) = (new(), new());
        LipSyncOptions job = _bench.Job("plain.mp4", AvatarBench.Tall) with { Start = TimeSpan.FromSeconds(1.2), Duration = TimeSpan.FromSeconds(1.2), Steps = 1, GuidanceScale = 1 };

        LipSyncReport without = await pipeline.RunAsync(job with { Observer = plain });
        LipSyncReport with = await pipeline.RunAsync(job with { Observer = prepared, Avatar = avatar, OutputPath = _bench["prepared.mp4"] });

        AvatarBench.AssertSame(plain, prepared);
        Assert.Equal(without.MissingFaces, with.MissingFaces);
        LatentSyncException refused = await Assert.ThrowsAsync<LatentSyncException>(
            () => pipeline.RunAsync(job with { Avatar = avatar, OnMissingFace = MissingFacePolicy.Fail, OutputPath = _bench["fail.mp4"] }));
        Assert.Equal(LatentSyncError.MissingFace, refused.Error);
        Assert.Contains("at 1.5", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrepareAsync_SameContentsThere_MakesNothing()
    {
        AvatarOptions options = _bench.Options("a.avatar");
        AvatarReport first = await AvatarBench.MakeAsync(options);
        DateTime written = File.GetLastWriteTimeUtc(_bench["a.avatar"]);
        byte[] bytes = File.ReadAllBytes(_bench["a.avatar"]);

        AvatarReport second = await AvatarBench.MakeAsync(options);
        Assert.Equal((false, true), (first.IsReused, second.IsReused));
        Assert.Equal(first.Info, second.Info);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_bench["a.avatar"]));

        LatentSyncException refused = await Assert.ThrowsAsync<LatentSyncException>(() => AvatarBench.MakeAsync(options with { Resolution = 128 }));
        Assert.Equal(LatentSyncError.Output, refused.Error);
        Assert.Equal(bytes, File.ReadAllBytes(_bench["a.avatar"]));

        AvatarReport again = await AvatarBench.MakeAsync(options with { OutputPath = _bench["b.avatar"] });
        Assert.Equal(first.Info.Identity.Key, again.Info.Identity.Key);
        Assert.Equal(bytes, File.ReadAllBytes(_bench["b.avatar"]));
    }

    [Fact]
    public async Task PrepareAsync_NoFaceAnywhere_LeavesNothing()
    {
        using LatentSync.Tests.Video.MediaBench media = new();
        string gray = media.Make("-f", "lavfi", "-i", "color=gray:s=320x240:r=25:d=0.2", "gray.mp4");

        LatentSyncException refused = await Assert.ThrowsAsync<LatentSyncException>(() => AvatarBench.MakeAsync(_bench.Options("a.avatar", gray)));

        Assert.Equal(LatentSyncError.Media, refused.Error);
        Assert.Contains("no usable face", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_bench["a.avatar"])!));
    }

    [Fact]
    public async Task PrepareAsync_Cancelled_LeavesNothing()
    {
        using AvatarMaker maker = await AvatarMaker.LoadAsync(ImportedDemoPack.Path);
        using CancellationTokenSource cancel = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => maker.PrepareAsync(_bench.Options("a.avatar"), new CancelAt(cancel, 3), cancel.Token));

        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_bench["a.avatar"])!));
        Assert.Equal(10, (await maker.PrepareAsync(_bench.Options("a.avatar"))).Info.FrameCount);
    }

    private sealed class CancelAt(CancellationTokenSource cancel, int frame) : IProgress<AvatarProgress>
    {
        public void Report(AvatarProgress value)
        {
            if (value.FramesDone == frame)
            {
                cancel.Cancel();
            }
        }
    }
}
