using LatentSync.Kernels;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Support;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline;

/// <summary>Jobs on a clip whose face leaves the picture: such frames pass through untouched, and the rest goes on.</summary>
public class MissingFaceJobTests
{
    private static readonly string Clip = Path.Combine(Goldens.DemoPack, "media", "presenter-30fps-tall.mp4");
    private static readonly string Speech = Path.Combine(Goldens.DemoPack, "media", "speech-de.wav");

    [Fact]
    public async Task RunAsync_FaceLeavesThePicture_KeepsThoseFramesByteForByteAndReportsThem()
    {
        using TemporaryFolder folder = new();
        PipelineRecorder recorder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        LipSyncReport report = await pipeline.RunAsync(Job(folder) with { Observer = recorder });

        // demo-pack/README: the face is out of the picture from 1.5 to 2.2 s. At the edges it is partly there.
        long[] missing = [.. report.MissingFaces.Select(face => face.FrameIndex)];
        Assert.Superset(Enumerable.Range(39, 15).Select(i => (long)i).ToHashSet(), missing.ToHashSet());
        Assert.All(report.MissingFaces, face => Assert.InRange(face.SourceIndex, 37, 56));
        Assert.All(report.MissingFaces, face => Assert.Equal("no face", face.Reason));
        Assert.Equal(missing, recorder.Frames.Where(frame => frame.Transform is null).Select(frame => frame.Index));

        List<byte[]> decoded = await DecodeAsync();
        Assert.All(recorder.Frames, frame => Assert.Equal(frame.Transform is null, frame.Pixels.AsSpan().SequenceEqual(decoded[(int)frame.Source])));
        Assert.Equal(124, report.FrameCount);
        Assert.Equal(report.FrameCount, Support.Clip.Frames(report.OutputPath).Count());
    }

    [Fact]
    public async Task RunAsync_GapInTheTrack_CutsTheChunksThere()
    {
        using TemporaryFolder folder = new();
        PipelineRecorder withGap = new(), alone = new();
        AffineTransform face = new(0.4, 0, -20, 0, 0.4, -60);
        AffineTransform?[] track = [.. Enumerable.Range(0, 200).Select(i => i is >= 5 and < 8 ? (AffineTransform?)null : face)];
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        LipSyncOptions job = Job(folder) with { Duration = TimeSpan.FromSeconds(0.5), Overwrite = true };
        await pipeline.RunAsync(job with { FaceTransforms = track, Observer = withGap });

        // The run before the gap is a chunk of its own: the same five frames alone give the same pixels.
        await pipeline.RunAsync(job with { FaceTransforms = track[..5], Observer = alone });
        Assert.Equal([5L, 6L, 7L], withGap.Frames.Where(frame => frame.Transform is null).Select(frame => frame.Index));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(alone.Frames[i].Pixels, withGap.Frames[i].Pixels);
        }
    }

    [Fact]
    public async Task RunAsync_ToFailOnAMissingFace_NamesFileFrameAndTime()
    {
        using TemporaryFolder folder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        LipSyncOptions job = Job(folder) with { OnMissingFace = MissingFacePolicy.Fail };
        LatentSyncException exception = await Assert.ThrowsAsync<LatentSyncException>(() => pipeline.RunAsync(job));
        Assert.Equal(LatentSyncError.MissingFace, exception.Error);
        Assert.Contains(Clip, exception.Message, StringComparison.Ordinal);
        Assert.Contains("at 1.5", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static LipSyncOptions Job(TemporaryFolder folder) => new()
    {
        VideoPath = Clip,
        AudioPath = Speech,
        OutputPath = Path.Combine(folder.Path, "out.mp4"),
        Steps = 1,
        GuidanceScale = 1,
        Resolution = 64, // half the pack's: what is tested here does not depend on it
        UseFeatureCache = false,
    };

    private static async Task<List<byte[]>> DecodeAsync()
    {
        List<byte[]> frames = [];
        await using VideoReader reader = await VideoReader.OpenAsync(Clip);
        while (await reader.ReadFrameAsync() is { } read)
        {
            using VideoFrame frame = read;
            frames.Add(frame.Image.Span.ToArray());
        }

        return frames;
    }
}
