using LatentSync.Pipeline;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>How many chunks are denoised at the same time changes how long a job takes, and nothing else.</summary>
public class ConcurrentJobTests
{
    private static readonly string Media = Path.Combine(Goldens.DemoPack, "media");

    [Fact]
    public async Task RunAsync_ChunksAtTheSameTime_GivesTheSameFramesAndLatentsInOrder()
    {
        PipelineRecorder one = await RunAsync(1), three = await RunAsync(3);
        Assert.Equal(one.Latents, three.Latents);
        Assert.Equal(one.Frames.Select(frame => frame.Pixels), three.Frames.Select(frame => frame.Pixels));
    }

    [Fact]
    public async Task RunAsync_ThreeChunksOrMore_ReportsTheUseOfProcessorsAndIdleTimes()
    {
        LipSyncReport report = (await RunAsync(1)).Report!;
        Assert.NotNull(report.BetweenChunks);
        Assert.True(report.BetweenChunks.CpuTime > TimeSpan.Zero);
        Assert.True(report.BetweenChunks.WallTime < report.Elapsed);

        // Every stage worked, and none for longer than the job: work and waiting of one thread fit into it.
        Assert.All(Enum.GetValues<LipSyncStage>(), stage =>
        {
            Assert.True(report.StageTimes[stage] > TimeSpan.Zero, $"{stage}");
            Assert.True(report.StageTimes[stage] + report.StageIdleTimes[stage] <= report.Elapsed, $"{stage}");
        });
    }

    // 36 frames of 25 a second and what follows them: three chunks, the last one short. One thread each, whose rounding does not depend on the number of chunks.
    private static async Task<PipelineRecorder> RunAsync(int chunks)
    {
        using TemporaryFolder folder = new();
        PipelineRecorder recorder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path, new LipSyncEngineOptions { Threads = 1, ChunksAtOnce = chunks, Backend = InferenceBackend.Onnx });
        recorder.Report = await pipeline.RunAsync(new LipSyncOptions
        {
            VideoPath = Path.Combine(Media, "presenter.mp4"),
            AudioPath = Path.Combine(Media, "speech.wav"),
            OutputPath = folder.File("out.mp4"),
            Steps = 2,
            GuidanceScale = 1,
            Resolution = 64,
            Duration = TimeSpan.FromSeconds(1.44),
            UseFeatureCache = false,
            Observer = recorder,
        });
        return recorder;
    }
}
