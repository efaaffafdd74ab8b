using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Support;
using LatentSync.Tests.Video;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline;

/// <summary>How many frames a job writes, of which size and rate, and which source frames they show.</summary>
public sealed class JobFramesTests(JobFramesTests.LoadedPipeline loaded) : IClassFixture<JobFramesTests.LoadedPipeline>, IDisposable
{
    private static readonly string Media = Path.Combine(Goldens.DemoPack, "media");

    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    // ceil(duration * rate), exact durations included: 0.52 s are 13 frames at 25 fps, not 14.
    [Theory]
    [InlineData(0.52, "25", 13)]
    [InlineData(0.521, "25", 14)]
    [InlineData(1.0, "25", 25)]
    [InlineData(0.03, "25", 1)]
    [InlineData(1.001, "30000/1001", 30)]
    [InlineData(1.01, "30", 31)]
    [InlineData(0.5, "12.5", 7)]
    public async Task RunAsync_SpeechLength_GivesAFrameForEveryStartedOne(double seconds, string rate, int frames)
    {
        string speech = _bench.Make("-f", "lavfi", "-i", FormattableString.Invariant($"sine=r=48000:d={seconds}"), "speech.wav");
        Assert.True(Rational.TryParse(rate, out Rational frameRate));

        LipSyncReport report = await RunAsync(Job(Faceless(0.6), speech) with { FrameRate = frameRate });

        Assert.Equal(frames, report.FrameCount);
        Assert.Equal($"{frameRate},{frames}", _bench.Probe(report.OutputPath, "v", "avg_frame_rate,nb_frames"));
        Assert.Equal(frames / frameRate.Value, Seconds(report.OutputPath, "v"), 3);

        // AAC comes in blocks of 1024 samples, the last one filled up or cut: 21 ms at 48 kHz.
        Assert.InRange(Seconds(report.OutputPath, "a"), seconds - 0.022, seconds + 0.022);
    }

    [Fact]
    public async Task RunAsync_SpeechOfSeveralTurns_PlaysTheVideoForthAndBack()
    {
        PipelineRecorder recorder = new();
        string speech = _bench.Make("-f", "lavfi", "-i", "sine=d=0.72", "speech.wav");

        LipSyncReport report = await RunAsync(Job(Faceless(0.16), speech) with { Observer = recorder });

        Assert.Equal([0L, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3, 3, 2, 1, 0, 0, 1], recorder.Frames.Select(frame => frame.Source));
        Assert.Equal(18, report.MissingFaces.Count);
    }

    [Fact]
    public async Task RunAsync_StartAndDuration_CutBothInputs()
    {
        PipelineRecorder whole = new(), part = new();
        LipSyncOptions job = Job(Path.Combine(Media, "presenter.mp4"), Path.Combine(Media, "speech.wav"));
        await RunAsync(job with { Duration = TimeSpan.FromSeconds(0.4), Observer = whole, FaceTransforms = [] });
        await RunAsync(job with { Start = TimeSpan.FromSeconds(0.2), Duration = TimeSpan.FromSeconds(0.2), Observer = part, FaceTransforms = [], Overwrite = true });

        Assert.Equal(10, whole.Frames.Count);
        Assert.Equal(whole.Frames.Skip(5).Select(frame => frame.Pixels), part.Frames.Select(frame => frame.Pixels));
    }

    [Fact]
    public async Task RunAsync_OddSize_RepeatsTheEdge()
    {
        string video = _bench.Make("-f", "lavfi", "-i", "color=red:s=321x243:r=25:d=0.12,format=rgb24", "-c:v", "libx264rgb", "odd.mkv");

        LipSyncReport report = await RunAsync(Job(video, Path.Combine(Media, "speech.wav")) with { Duration = TimeSpan.FromSeconds(0.12) });

        Assert.Equal((3, 322, 244), (report.FrameCount, report.Width, report.Height));
        Assert.Equal("322,244", _bench.Probe(report.OutputPath, "v", "width,height"));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(192)]
    public async Task RunAsync_AnotherResolution_AnimatesTheFaceAtIt(int resolution)
    {
        PipelineRecorder recorder = new();
        LipSyncOptions job = Job(Path.Combine(Media, "presenter.mp4"), Path.Combine(Media, "speech.wav"));

        LipSyncReport report = await RunAsync(job with { Resolution = resolution, Duration = TimeSpan.FromSeconds(0.08), Observer = recorder });

        Assert.Empty(report.MissingFaces);
        Assert.All(recorder.Latents, latents => Assert.Equal(4 * resolution / 8 * resolution / 8, latents.Length));
    }

    [Fact]
    public async Task RunAsync_NoiseOfAnotherShape_IsRefused()
    {
        LipSyncOptions job = Job(Faceless(0.2), Path.Combine(Media, "speech.wav")) with { InitialNoise = Tensor.Zeros(4, 3, 3) };

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => RunAsync(job));

        Assert.Equal(LatentSyncError.Usage, error.Error);
        Assert.Contains("[4,3,3]", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Real footage, of which the demo pack's detector may find nothing: what passes through must still come out whole and in time.</summary>
    [SkippableFact]
    public async Task RunAsync_RealFootage_GivesTheRightFramesAndSound()
    {
        string media = Path.Combine(Path.GetDirectoryName(Goldens.Root)!, "media");
        string video = Path.Combine(media, "demo1_video.mp4"), speech = Path.Combine(media, "demo1_audio.wav");
        Skip.IfNot(File.Exists(video) && File.Exists(speech), $"no footage in {media}");

        LipSyncReport report = await RunAsync(Job(video, speech) with { Duration = TimeSpan.FromSeconds(0.5) });

        Assert.Equal(13, report.FrameCount);
        Assert.Equal("1080,1920,13", _bench.Probe(report.OutputPath, "v", "width,height,nb_frames"));
        Assert.InRange(Seconds(report.OutputPath, "a"), 0.47, 0.53);
    }

    private double Seconds(string path, string kind) =>
        double.Parse(_bench.Probe(path, kind, "duration"), System.Globalization.CultureInfo.InvariantCulture);

    private Task<LipSyncReport> RunAsync(LipSyncOptions job) => loaded.Pipeline.RunAsync(job);

    private string Faceless(double seconds) =>
        _bench.Make("-f", "lavfi", "-i", FormattableString.Invariant($"color=gray:s=320x240:r=25:d={seconds}"), "-preset", "ultrafast", "faceless.mp4");

    private LipSyncOptions Job(string video, string speech) => new()
    {
        VideoPath = video,
        AudioPath = speech,
        OutputPath = _bench["out.mp4"],
        Steps = 1,
        GuidanceScale = 1,
        Resolution = 64,
        UseFeatureCache = false,
    };

    /// <summary>One pipeline for all jobs, which is also what it promises to be good for.</summary>
    public sealed class LoadedPipeline : IDisposable
    {
        public LipSyncPipeline Pipeline { get; } = LipSyncPipeline.Load(ImportedDemoPack.Path);

        public void Dispose() => Pipeline.Dispose();
    }
}
