using LatentSync.Kernels;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>What every job promises: repeatable pixels, rising progress, nothing left behind, and a pipeline that outlives a failure.</summary>
public class LipSyncJobTests
{
    private static readonly string Media = Path.Combine(Goldens.DemoPack, "media");

    [Fact]
    public async Task RunAsync_SameJobTwice_GivesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        PipelineRecorder first = new(), second = new();
        await pipeline.RunAsync(Job(folder, "a.mp4") with { Observer = first });
        await pipeline.RunAsync(Job(folder, "b.mp4") with { Observer = second });
        Assert.Equal(first.Frames.Select(frame => frame.Pixels), second.Frames.Select(frame => frame.Pixels));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, "a.mp4")), File.ReadAllBytes(Path.Combine(folder.Path, "b.mp4")));
    }

    [Fact]
    public async Task RunAsync_Progress_NeverFallsAndEndsAtOne()
    {
        using TemporaryFolder folder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        List<LipSyncProgress> reports = [];
        await pipeline.RunAsync(Job(folder, "out.mp4"), new Recorder(reports));
        Assert.All(reports.Zip(reports.Skip(1)), pair => Assert.True(pair.Second.Fraction >= pair.First.Fraction));
        Assert.Equal(1, reports[^1].Fraction, 6);
        Assert.Equal(reports[^1].FramesTotal, reports[^1].FramesDone);
    }

    [Fact]
    public async Task RunAsync_CancelledMidway_LeavesNothingAndThePipelineUsable()
    {
        using TemporaryFolder folder = new();
        string temporary = Directory.CreateDirectory(Path.Combine(folder.Path, "temp")).FullName;
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        using CancellationTokenSource cancel = new();
        LipSyncOptions job = Job(folder, "out.mp4") with { TempDirectory = temporary };
        CancelAt canceller = new(cancel, LipSyncStage.Denoising);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.RunAsync(job, canceller, cancel.Token));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
        Assert.Equal([temporary], Directory.GetFileSystemEntries(folder.Path));

        LipSyncReport report = await pipeline.RunAsync(job);
        Assert.Equal(report.FrameCount, Clip.Frames(report.OutputPath).Count());
    }

    [Theory]
    [InlineData(0.2, 5)]
    [InlineData(0.41, 11)]
    public async Task RunAsync_Duration_GivesAFrameForEveryStartedFrameOfSpeech(double seconds, int frames)
    {
        using TemporaryFolder folder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        LipSyncReport report = await pipeline.RunAsync(Job(folder, "out.mp4") with { Start = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(seconds) });
        Assert.Equal(frames, report.FrameCount);
        Assert.Equal(frames, Clip.Frames(report.OutputPath).Count());
    }

    [Fact]
    public async Task RunAsync_ObserverThrows_KeepsThatErrorAndLeavesNothing()
    {
        using TemporaryFolder folder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        LipSyncOptions job = Job(folder, "out.mp4") with { Observer = new ThrowingObserver() };
        NotSupportedException exception = await Assert.ThrowsAsync<NotSupportedException>(() => pipeline.RunAsync(job));
        Assert.Equal("the cause", exception.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(0, 1.5, null, "--steps")]
    [InlineData(20, 0.5, null, "--guidance")]
    [InlineData(20, 1.5, 100, "--resolution")]
    public async Task RunAsync_NumberOutOfRange_NamesTheOption(int steps, double guidanceScale, int? resolution, string option)
    {
        using TemporaryFolder folder = new();
        using LipSyncPipeline pipeline = LipSyncPipeline.Load(ImportedDemoPack.Path);
        LipSyncOptions job = Job(folder, "out.mp4") with { Steps = steps, GuidanceScale = guidanceScale, Resolution = resolution };
        LatentSyncException exception = await Assert.ThrowsAsync<LatentSyncException>(() => pipeline.RunAsync(job));
        Assert.Equal(LatentSyncError.Usage, exception.Error);
        Assert.StartsWith(option, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(1e-300, 1e-300)]
    public async Task CheckAsync_TransformWithoutInverse_NamesTheFrame(double m00, double m11)
    {
        using TemporaryFolder folder = new();
        LipSyncOptions job = Job(folder, "out.mp4") with { FaceTransforms = [new AffineTransform(1, 0, 0, 0, 1, 0), null, new AffineTransform(m00, 0, 5, 0, m11, 5)] };
        LatentSyncException exception = await Assert.ThrowsAsync<LatentSyncException>(() => LipSyncPipeline.CheckAsync(job));
        Assert.Equal(LatentSyncError.Usage, exception.Error);
        Assert.Contains("source frame 2 ", exception.Message, StringComparison.Ordinal);
    }

    private static LipSyncOptions Job(TemporaryFolder folder, string output) => new()
    {
        VideoPath = Path.Combine(Media, "presenter.mp4"),
        AudioPath = Path.Combine(Media, "speech.wav"),
        OutputPath = Path.Combine(folder.Path, output),
        Steps = 2,
        GuidanceScale = 1,
        Resolution = 64, // half the pack's: what is tested here does not depend on it
        Duration = TimeSpan.FromSeconds(0.72),
        UseFeatureCache = false,
    };

    private sealed class Recorder(List<LipSyncProgress> reports) : IProgress<LipSyncProgress>
    {
        public void Report(LipSyncProgress value) => reports.Add(value);
    }

    private sealed class CancelAt(CancellationTokenSource cancel, LipSyncStage stage) : IProgress<LipSyncProgress>
    {
        public void Report(LipSyncProgress value)
        {
            if (value.Stage == stage)
            {
                cancel.Cancel();
            }
        }
    }

    private sealed class ThrowingObserver : ILipSyncObserver
    {
        public void OnLatents(long frameIndex, Tensor latents)
        {
        }

        public void OnFrame(long frameIndex, long sourceIndex, LatentSync.Kernels.RgbImage frame, LatentSync.Kernels.AffineTransform? transform) =>
            throw new NotSupportedException("the cause");
    }
}
