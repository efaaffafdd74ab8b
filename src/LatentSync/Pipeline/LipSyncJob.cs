using System.Collections.Concurrent;
using System.Diagnostics;
using LatentSync.Audio;
using LatentSync.Denoising;
using LatentSync.Faces;
using LatentSync.Models.Packs;
using LatentSync.Pipeline.Avatars;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime.Diagnostics;
using LatentSync.Video;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Pipeline;

/// <summary>
/// One run of the pipeline, reading from top to bottom as the data flows: the recording is decoded, then speech and frames go through all stages at once (Whisper;
/// decoder, faces, VAE encoder, denoiser, VAE decoder, put-back, video encoder), each a thread or a process, with bounded queues between them.
/// </summary>
internal sealed class LipSyncJob
{
    // Memory is bounded by the frames in flight, as many as the chunks at work hold and a few more; the queues only keep stages from running far ahead.
    private const int FaceQueueLength = 8;
    private const int OutputQueueLength = 2;

    private readonly LipSyncEngines _engines;
    private readonly LipSyncOptions _options;
    private readonly JobProgress _progress;
    private readonly StageClock _clock = new();
    private readonly List<string> _warnings = [];
    private readonly long _detections;
    private readonly long _landmarks;
    private readonly SynthesizerFactory _synthesizers;

    public LipSyncJob(LipSyncEngines engines, LipSyncOptions options, IProgress<LipSyncProgress>? progress)
    {
        _engines = engines;
        _options = options;
        _progress = new JobProgress(progress);
        (_detections, _landmarks) = (engines.Faces.DetectionCount, engines.Faces.LandmarkCount);
        _synthesizers = new SynthesizerFactory(engines, options, _clock, Warn);
    }

    /// <summary>The sampler; null makes the one that the options name.</summary>
    internal IScheduler? Scheduler { get; init; }

    private ModelPack Pack => _engines.Pack;

    private int Resolution => _options.FaceSide(Pack);

    public async Task<LipSyncReport> RunAsync(CancellationToken cancellationToken)
    {
        // Its time is not the job's.
        _synthesizers.LoadUNet(cancellationToken);
        using Activity? span = Tracing.Source.StartActivity("sync");
        _progress.StartClock();
        IScheduler scheduler = Scheduler ?? _synthesizers.CreateScheduler();
        using JobFolder temporary = JobFolder.Create(_options.TempDirectory);
        VideoInfo video = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        AvatarCheck.Pack(_options, Pack, video);

        // Before the long work: an output that cannot be written is told at once.
        await using IVideoSink writer = await OpenOutputAsync(video, cancellationToken).ConfigureAwait(false);
        using AudioExtraction speech = await BeginSpeechAsync(temporary.Path, cancellationToken).ConfigureAwait(false);
        AudioFeatures audio = speech.Features;
        double frameRate = _options.FrameRate.Value;
        long denoised = audio.FrameCount(frameRate), emitted = audio.FramesOfSpeech(frameRate);
        _progress.Begin(denoised, emitted);
        await using IVideoSource source = OpenSource(video, temporary.Path, denoised);
        FaceRecordLayout layout = new(Resolution, Pack.Config.Model.OutChannels);
        using IPreparedFaces prepared = PreparedFaces.Open(_options, video, layout, denoised, temporary.Path, Warn);
        using IFaceSynthesizer synthesizer = _synthesizers.Create(video, audio, scheduler, prepared, cancellationToken);
        FaceStage faces = new(_options, CreateLocator(), synthesizer, _clock);
        using SemaphoreSlim framesInFlight = new((synthesizer.ChunksAtWork * Pack.Config.NumFrames) + FaceQueueLength);
        OutputStage frames = new(writer, _options.Observer, _progress, _clock, framesInFlight);
        SpeechStage features = new(speech, _progress, _clock);
        await RunStagesAsync(features, source, faces, synthesizer, frames, framesInFlight, emitted, cancellationToken).ConfigureAwait(false);
        VideoOutput output;
        using (_clock.Time(LipSyncStage.VideoEncode))
        {
            output = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }

        _progress.Finish();
        FirstFrameLatency first = new(frames.FirstFrame ?? _progress.Elapsed, features.FirstSegment, _clock.FirstChunk);
        if (synthesizer.Warning is { } warning)
        {
            Warn(warning);
        }

        return Report(output, faces.Missing, synthesizer.Gpu, Calls(synthesizer.EncoderRunCount), first);
    }

    private async Task<VideoInfo> ProbeAsync(CancellationToken cancellationToken)
    {
        using Activity? span = Tracing.Source.StartActivity("probe input");
        return await MediaProbe.ProbeVideoAsync(_options.VideoPath, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IVideoSink> OpenOutputAsync(VideoInfo video, CancellationToken cancellationToken)
    {
        using Activity? span = Tracing.Source.StartActivity("open output");
        VideoWriterOptions options = JobCheck.WriterOptions(_options, video);
        return _options.OutputStream is { } stream
            ? await VideoStreamWriter.CreateAsync(stream, video.Width, video.Height, options, cancellationToken).ConfigureAwait(false)
            : await VideoWriter.CreateAsync(_options.OutputPath, video.Width, video.Height, options, cancellationToken).ConfigureAwait(false);
    }

    // One job runs at a time, so that the difference is this one's.
    private NetworkCalls Calls(long encoderRuns) => new(_engines.Faces.DetectionCount - _detections, _engines.Faces.LandmarkCount - _landmarks, encoderRuns);

    private async Task<AudioExtraction> BeginSpeechAsync(string temporaryFolder, CancellationToken cancellationToken)
    {
        using StageClock.Running running = _clock.Time(LipSyncStage.Audio);
        AudioFeatureOptions options = new()
        {
            TemporaryFolder = temporaryFolder,
            FeatLength = new AudioFeatLength(Pack.Config.AudioFeatLengthBefore, Pack.Config.AudioFeatLengthAfter),
            Decode = new AudioDecodeOptions { Start = _options.Start, Duration = _options.Duration, FfmpegFolder = FFmpegTools.Folder },
            Cache = _options.UseFeatureCache ? new AudioFeatureCache() : null,
            ModelHash = Pack.Component(PackComponentName.Whisper).ComputeFingerprint(),
        };
        SynchronousProgress progress = new(_progress.Audio);
        return await AudioFeatureExtractor.BeginAsync(_options.AudioPath, _engines.Whisper, options, progress, cancellationToken).ConfigureAwait(false);
    }

    private LoopingVideoSource OpenSource(VideoInfo video, string temporaryFolder, long frames) =>
        LoopingVideoSource.Open(video, checked((int)frames), new LoopingVideoOptions
        {
            Reader = JobCheck.ReaderOptions(_options) with { Warning = Warn },
            TempDirectory = temporaryFolder,
            Spooling = Announce,
        });

    private void Announce(SpoolStatus spool)
    {
        const double bytesPerMegabyte = 1e6;
        string size = spool.IsComplete
            ? $"kept {spool.FrameCount} frames in {spool.SizeInBytes / bytesPerMegabyte:0.0} MB"
            : $"the speech outlasts the video, which will loop: its frames are kept meanwhile ({(spool.RawSizeInBytes is { } raw ? $"at most about {raw / bytesPerMegabyte:0} MB" : "size not known yet")})";
        _progress.Note($"{spool.Folder}: {size}");
    }

    private void Warn(string message)
    {
        lock (_warnings)
        {
            // What is true of several parts of the work is told once.
            if (!_warnings.Contains(message))
            {
                _warnings.Add(message);
            }
        }
    }

    private IFaceLocator CreateLocator() => _options switch
    {
        { Avatar: { } avatar } => new AvatarFaceLocator(avatar.File),
        { FaceTransforms: { } given } => new GivenFaceLocator(given),
        _ => new TrackedFaceLocator(new FaceFollower(_engines.Faces, _options.DetectEvery), Resolution),
    };

    private async Task RunStagesAsync(
        SpeechStage speech,
        IVideoSource source,
        FaceStage faces,
        IFaceSynthesizer synthesizer,
        OutputStage output,
        SemaphoreSlim framesInFlight,
        long emitted,
        CancellationToken cancellationToken)
    {
        int chunkLength = Pack.Config.NumFrames;
        using BlockingCollection<JobFrame> located = new(FaceQueueLength), finished = new(OutputQueueLength);
        using BlockingCollection<SyncedFrame> synced = new(chunkLength);
        using StageGroup stages = new(cancellationToken);
        stages.Start(speech.Run);
        stages.Start(token =>
        {
            faces.Run(source, located, emitted, framesInFlight, token);
            speech.FramesEnded();
        });
        synthesizer.Start(stages, new SynthesisQueues(located, synced, emitted, chunkLength, _progress));
        stages.Start(token => PutBackStage.Run(synced, finished, emitted, token));
        stages.Start(token => output.Run(finished, emitted, token));
        await stages.WhenAllAsync().ConfigureAwait(false);
    }

    private LipSyncReport Report(VideoOutput output, IReadOnlyList<MissingFace> missing, GpuUse? gpu, NetworkCalls calls, FirstFrameLatency first) => new()
    {
        OutputPath = _options.OutputPath,
        FrameCount = output.FrameCount,
        Width = output.Width,
        Height = output.Height,
        FrameRate = _options.FrameRate.Value,
        MissingFaces = missing,
        Elapsed = _progress.Elapsed,
        StageTimes = _clock.Times,
        StageIdleTimes = _clock.IdleTimes,
        BetweenChunks = _clock.BetweenChunks,
        PeakMemoryInBytes = Process.GetCurrentProcess().PeakWorkingSet64,
        Backend = _synthesizers.Backend,
        Gpu = gpu,
        Calls = calls,
        FirstFrame = first,
        Warnings = Warnings(),
    };

    private string[] Warnings()
    {
        lock (_warnings)
        {
            return [.. _warnings];
        }
    }
}
