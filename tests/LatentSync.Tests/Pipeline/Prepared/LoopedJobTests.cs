using LatentSync.Pipeline;
using LatentSync.Pipeline.Prepared;
using LatentSync.Tests.Pipeline.Avatars;
using LatentSync.Tests.Support;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline.Prepared;

/// <summary>A video shorter than its speech: faces and latents of frames seen before are copied, and nothing else changes.</summary>
public sealed class LoopedJobTests : IDisposable
{
    private readonly AvatarBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(6, 1000)]
    [InlineData(6, 4)]
    [InlineData(16, 1000)]
    public async Task RunAsync_VideoLoops_EncodesEachKeptFrameOnceAndGivesTheSameBytes(int frames, int budget)
    {
        string clip = _bench.Cut("clip.mkv", frames);
        (PipelineRecorder plain, PipelineRecorder reused) = (new(), new());
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);

        LipSyncReport without = await pipeline.RunAsync(_bench.Job("plain.mp4", clip) with { Observer = plain, LoopedFacesInBytes = 0 });
        LipSyncReport with = await pipeline.RunAsync(
            _bench.Job("reused.mp4", clip) with { Observer = reused, LoopedFacesInBytes = (long)budget * new FaceRecordLayout(64, 4).RecordSize });

        AvatarBench.AssertSame(plain, reused);
        int denoised = plain.Latents.Count;
        Assert.Equal(denoised, without.Calls.VaeEncoder);
        Assert.Equal(Misses(denoised, frames, budget), with.Calls.VaeEncoder);
        Assert.Equal((frames, frames), (with.Calls.FaceDetector, with.Calls.FaceLandmarks));
    }

    [Fact]
    public async Task RunAsync_FaceLeavesThePictureOfALoopingVideo_GivesTheSameBytes()
    {
        // From before the face leaves, until after.
        using LatentSync.Tests.Video.MediaBench media = new();
        string clip = media.Make("-ss", "1.3", "-i", AvatarBench.Tall, "-t", "1.1", "-an", "-c:v", "ffv1", "clip.mkv");
        (PipelineRecorder plain, PipelineRecorder reused) = (new(), new());
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        LipSyncOptions job = _bench.Job("plain.mp4", clip) with { Duration = TimeSpan.FromSeconds(2.4), Steps = 1, GuidanceScale = 1 };

        LipSyncReport without = await pipeline.RunAsync(job with { Observer = plain, LoopedFacesInBytes = 0 });
        LipSyncReport with = await pipeline.RunAsync(job with { Observer = reused, OutputPath = _bench["reused.mp4"] });

        AvatarBench.AssertSame(plain, reused);
        Assert.Equal(without.MissingFaces, with.MissingFaces);
        Assert.InRange(with.MissingFaces.Count, 1, plain.Frames.Count - 10);
        Assert.InRange(with.Calls.VaeEncoder, 1, without.Calls.VaeEncoder / 2);
    }

    private static int Misses(int outputs, int sources, int capacity)
    {
        List<int> recent = [];
        int misses = 0;
        for (int output = 0; output < outputs; output++)
        {
            int source = PingPong.SourceIndex(output, sources);
            misses += recent.Remove(source) ? 0 : 1;
            recent = [.. recent.Append(source).TakeLast(capacity)];
        }

        return misses;
    }
}
