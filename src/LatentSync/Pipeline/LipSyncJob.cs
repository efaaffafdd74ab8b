using System.Diagnostics;
using System.Threading.Channels;
using LatentSync.Audio;
using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Pipeline.Gpu;
using LatentSync.Runtime;
using LatentSync.Video;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Pipeline;

/// <summary>
/// One run of the pipeline, reading from top to bottom as the data flows: speech first, then frames through three stages at once
/// (faces, networks, output) with bounded queues between them.
/// </summary>
internal sealed class LipSyncJob
{
    // Frames in flight bound the memory: a queue this long lets faces run ahead by one chunk, and no further.
    private const int FaceQueueLength = 8;
    private const int GroupQueueLength = 1;

    private readonly LipSyncEngines _engines;
    private readonly LipSyncOptions _options;
    private readonly JobProgress _progress;
    private readonly StageClock _clock = new();
    private readonly IFaceKernels _kernels = new SimdKernels();
    private readonly List<string> _warnings = [];
    private readonly SemaphoreSlim _groupsInFlight = new(2, 2);
    private string _backend;

    public LipSyncJob(LipSyncEngines engines, LipSyncOptions options, IProgress<LipSyncProgress>? progress)
    {
        _engines = engines;
        _options = options;
        _progress = new JobProgress(progress);
        _backend = engines.Backend.Name;
    }

    /// <summary>The sampler; null makes the one that the options name.</summary>
    internal IScheduler? Scheduler { get; init; }

    private ModelPack Pack => _engines.Pack;

    private int Resolution => _options.Resolution ?? Pack.Config.Resolution;

    public async Task<LipSyncReport> RunAsync(CancellationToken cancellationToken)
    {
        IScheduler scheduler = Scheduler ?? CreateScheduler();
        using JobFolder temporary = JobFolder.Create(_options.TempDirectory);
        VideoInfo video = await MediaProbe.ProbeVideoAsync(_options.VideoPath, cancellationToken).ConfigureAwait(false);

        // Before the long work: an output that cannot be written is told at once.
        await using VideoWriter writer = await VideoWriter
            .CreateAsync(_options.OutputPath, video.Width, video.Height, JobCheck.WriterOptions(_options, video), cancellationToken).ConfigureAwait(false);
        using AudioFeatures audio = await ExtractAudioAsync(temporary.Path, cancellationToken).ConfigureAwait(false);

        double frameRate = _options.FrameRate.Value;
        long denoised = audio.FrameCount(frameRate), emitted = audio.FramesOfSpeech(frameRate);
        _progress.Begin(denoised, emitted);
        await using IVideoSource source = OpenSource(video, temporary.Path, denoised);
        using IFaceSynthesizer synthesizer = CreateSynthesizer(video, audio, scheduler, cancellationToken);
        FaceStage faces = new(_options, Resolution, _engines.Faces.Observe, synthesizer, _clock);
        await RunStagesAsync(source, faces, synthesizer, writer, emitted, cancellationToken).ConfigureAwait(false);
        VideoOutput output;
        using (_clock.Time(LipSyncStage.VideoEncode))
        {
            output = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }

        _progress.Finish();
        return Report(output, faces.Missing, synthesizer.Gpu);
    }

    private async Task<AudioFeatures> ExtractAudioAsync(string temporaryFolder, CancellationToken cancellationToken)
    {
        using StageClock.Running running = _clock.Time(LipSyncStage.Audio);
        AudioFeatureOptions options = new()
        {
            TemporaryFolder = temporaryFolder,
            FeatLength = new AudioFeatLength(Pack.Config.AudioFeatLengthBefore, Pack.Config.AudioFeatLengthAfter),
            Decode = new AudioDecodeOptions { Start = _options.Start, Duration = _options.Duration, FfmpegFolder = FFmpegTools.Folder },
            Cache = _options.UseFeatureCache ? new AudioFeatureCache() : null,
            ModelHash = string.Join('-', Pack.Component(PackComponentName.Whisper).Files.Select(file => file.Sha256)),
        };
        SynchronousProgress progress = new(_progress.Audio);
        return await AudioFeatureExtractor.ExtractAsync(_options.AudioPath, _engines.Whisper, options, progress, cancellationToken).ConfigureAwait(false);
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

    private int LatentSide => Resolution / 8;

    private int LatentChannels => Pack.Config.Model.OutChannels;

    private IScheduler CreateScheduler()
    {
        FrameNoise stepNoise = new(_options.Seed, LatentChannels, LatentSide * LatentSide);
        return SchedulerFactory.Create(_options.Scheduler, Pack.SchedulerConfig, _options.Steps, stepNoise);
    }

    private IFaceSynthesizer CreateSynthesizer(VideoInfo video, AudioFeatures audio, IScheduler scheduler, CancellationToken cancellationToken)
    {
        Tensor noise = _options.InitialNoise ?? InitialNoise.Draw(_options.Seed, LatentChannels, LatentSide, LatentSide);
        if (!noise.Shape.SequenceEqual([LatentChannels, LatentSide, LatentSide]))
        {
            throw new LatentSyncException(
                LatentSyncError.Usage,
                $"the initial noise has the shape [{string.Join(',', noise.Shape.ToArray())}]; give [{LatentChannels},{LatentSide},{LatentSide}], or none to draw it from the seed");
        }

        MouthMask mask = new(Resolution);
        if (_engines.Backend.Gpu is { } gpu)
        {
            if (scheduler.TryGetDeviceTable(_options.GuidanceScale, out DeviceStepTable? table))
            {
                return gpu.WithRoom(() => new DeviceFaceSynthesizer(gpu, Pack, video, _options, table, mask, noise, audio, _clock, Warn));
            }

            LeaveGpu($"--scheduler {_options.Scheduler} with this pack's solver order does not run on a GPU");
        }

        HostNetworks host = _engines.LoadHost(cancellationToken);
        ChunkDenoiser denoiser = new(host.UNet, scheduler, new DenoisingOptions { GuidanceScale = _options.GuidanceScale }, _kernels);
        return new HostFaceSynthesizer(host, denoiser, mask, audio, noise, _options, _kernels, _clock);
    }

    private void LeaveGpu(string reason)
    {
        if (!BackendChooser.MayUseOnnxRuntime(_engines.Options))
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{reason}: choose another, or --backend onnx");
        }

        _backend = BackendChooser.OnnxRuntime(_engines.Options);
        Warn($"{reason}: this job ran on {_backend}, not on {_engines.Backend.Name}");
    }

    private async Task RunStagesAsync(
        IVideoSource source, FaceStage faces, IFaceSynthesizer synthesizer, VideoWriter writer, long emitted, CancellationToken cancellationToken)
    {
        Channel<JobFrame> cropped = Channel.CreateBounded<JobFrame>(FaceQueueLength);
        Channel<ISyncedGroup> synced = Channel.CreateBounded<ISyncedGroup>(GroupQueueLength);
        OutputStage output = new(writer, _options.Observer, _progress, _clock, () => _groupsInFlight.Release());
        using StageGroup stages = new(cancellationToken);
        stages.Start(token => FillAsync(cropped.Writer, faces.RunAsync(TimedFrames(source, token), emitted, token), token));
        stages.Start(token => FillAsync(synced.Writer, SyncAsync(cropped.Reader.ReadAllAsync(token), synthesizer, emitted, token), token));
        stages.Start(token => output.RunAsync(synced.Reader.ReadAllAsync(token), emitted, token));
        await stages.WhenAllAsync().ConfigureAwait(false);
    }

    private async IAsyncEnumerable<VideoFrame> TimedFrames(IVideoSource source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            VideoFrame? frame;
            using (_clock.Time(LipSyncStage.VideoDecode))
            {
                frame = await source.ReadFrameAsync(cancellationToken).ConfigureAwait(false);
            }

            if (frame is null)
            {
                yield break;
            }

            yield return frame;
        }
    }

    private async IAsyncEnumerable<ISyncedGroup> SyncAsync(
        IAsyncEnumerable<JobFrame> frames, IFaceSynthesizer synthesizer, long emitted, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<JobFrame> group in ChunkAssembler.GroupAsync(frames, Pack.Config.NumFrames, cancellationToken).ConfigureAwait(false))
        {
            // One group with the networks and one with the encoder: a third would only hold memory while the slower of the two works.
            await _groupsInFlight.WaitAsync(cancellationToken).ConfigureAwait(false);
            ISyncedGroup synced = group[0].HasFace ? synthesizer.Synthesize(group, emitted, _progress.Syncing, cancellationToken) : new UntouchedGroup(group);
            _progress.Synced(group.Count);
            yield return synced;
        }
    }

    private static async Task FillAsync<T>(ChannelWriter<T> writer, IAsyncEnumerable<T> items, CancellationToken cancellationToken)
    {
        await foreach (T item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await writer.WriteAsync(item, cancellationToken).ConfigureAwait(false);
        }

        // Not completed on failure: the group cancels the reader, which must not take a broken stream for a whole one.
        writer.Complete();
    }

    private LipSyncReport Report(VideoOutput output, IReadOnlyList<MissingFace> missing, GpuUse? gpu) => new()
    {
        OutputPath = _options.OutputPath,
        FrameCount = output.FrameCount,
        Width = output.Width,
        Height = output.Height,
        FrameRate = _options.FrameRate.Value,
        MissingFaces = missing,
        Elapsed = _progress.Elapsed,
        StageTimes = _clock.Times,
        PeakMemoryInBytes = Process.GetCurrentProcess().PeakWorkingSet64,
        Backend = _backend,
        Gpu = gpu,
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
