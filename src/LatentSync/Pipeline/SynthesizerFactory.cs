using LatentSync.Audio;
using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Pipeline.Gpu;
using LatentSync.Pipeline.Host;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Makes what makes a job's faces: on the GPU, if there is one and it can run the job, else on ONNX Runtime, and says why.</summary>
/// <param name="engines">The networks.</param>
/// <param name="options">The job.</param>
/// <param name="clock">The job's times.</param>
/// <param name="warn">Told why the GPU is left, and of what works less well than it could.</param>
internal sealed class SynthesizerFactory(LipSyncEngines engines, LipSyncOptions options, StageClock clock, Action<string> warn)
{
    private readonly IFaceKernels _kernels = new SimdKernels();
    private LoadedUNet? _deviceUNet;

    /// <summary>What runs the job; for its report.</summary>
    public string Backend { get; private set; } = engines.Backend.Name;

    private ModelPack Pack => engines.Pack;

    private int LatentSide => options.LatentSide(Pack);

    private int LatentChannels => Pack.Config.Model.OutChannels;

    /// <summary>The sampler that the options name.</summary>
    public IScheduler CreateScheduler()
    {
        FrameNoise stepNoise = new(options.Seed, LatentChannels, LatentSide * LatentSide);
        return SchedulerFactory.Create(options.Scheduler, Pack.SchedulerConfig, options.Steps, stepNoise);
    }

    /// <summary>Loads the form of the UNet that the job needs, unless it is there: the engines know it where they knew their first job.</summary>
    /// <exception cref="LatentSyncException">It cannot be loaded; on a GPU, its engines are missing and ONNX Runtime may not be used instead.</exception>
    public void LoadUNet(CancellationToken cancellationToken)
    {
        if (engines.Backend.Gpu is null || !TryLoad(engines.Backend.Gpu, cancellationToken))
        {
            engines.LoadHost(cancellationToken).UNet.For(options, cancellationToken);
        }
    }

    /// <summary>Makes the synthesizer.</summary>
    /// <param name="video">The video.</param>
    /// <param name="audio">The speech's features.</param>
    /// <param name="scheduler">The sampler.</param>
    /// <param name="prepared">Faces that need not be made again.</param>
    /// <param name="cancellationToken">Stops the loading of networks.</param>
    /// <exception cref="LatentSyncException">A network cannot be loaded, or the device fails.</exception>
    public IFaceSynthesizer Create(VideoInfo video, AudioFeatures audio, IScheduler scheduler, IPreparedFaces prepared, CancellationToken cancellationToken)
    {
        Tensor noise = options.InitialNoise ?? InitialNoise.Draw(options.Seed, LatentChannels, LatentSide, LatentSide);
        if (!noise.Shape.SequenceEqual([LatentChannels, LatentSide, LatentSide]))
        {
            throw new LatentSyncException(
                LatentSyncError.Usage,
                $"the initial noise has the shape [{string.Join(',', noise.Shape.ToArray())}]; give [{LatentChannels},{LatentSide},{LatentSide}], or none to draw it from the seed");
        }

        MouthMask mask = new(options.FaceSide(Pack));
        if (engines.Backend.Gpu is { } gpu && _deviceUNet is { } unet)
        {
            if (scheduler.TryGetDeviceTable(options.GuidanceScale, out DeviceStepTable? table))
            {
                return gpu.WithRoom(() => new DeviceFaceSynthesizer(gpu, unet, Pack, video, options, table, mask, noise, audio, prepared, clock, warn));
            }

            LeaveGpu($"--scheduler {options.Scheduler} with this pack's solver order does not run on a GPU", "choose another");
        }

        return CreateOnHost(audio, mask, noise, prepared, cancellationToken);
    }

    private bool TryLoad(DeviceEngines gpu, CancellationToken cancellationToken)
    {
        try
        {
            _deviceUNet = gpu.UNet.For(UNetEngineForm.For(options, engines.Options.Rewrites), cancellationToken);
            return true;
        }
        catch (LatentSyncException exception) when (BackendChooser.MayUseOnnxRuntime(engines.Options))
        {
            UseOnnxRuntime(exception.Message);
            return false;
        }
    }

    private HostFaceSynthesizer CreateOnHost(AudioFeatures audio, MouthMask mask, Tensor noise, IPreparedFaces prepared, CancellationToken cancellationToken)
    {
        HostNetworks host = engines.LoadHost(cancellationToken);
        IReadOnlyList<UNetNetworks> unets = host.UNet.For(options, cancellationToken);
        DenoisingOptions denoising = new() { GuidanceScale = options.GuidanceScale, CacheInterval = options.CacheInterval };
        ChunkDenoiser[] denoisers = [.. unets.Select(unet => new ChunkDenoiser(unet, CreateScheduler(), denoising, _kernels))];
        FaceEncoder encoder = new(host.Encoder, mask, LatentChannels, _kernels, prepared);
        return new HostFaceSynthesizer(host, encoder, denoisers, mask, audio, noise, options, Pack.Config.NumFrames, _kernels, clock);
    }

    private void LeaveGpu(string reason, string fix)
    {
        if (!BackendChooser.MayUseOnnxRuntime(engines.Options))
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{reason}: {fix}, or choose --backend onnx");
        }

        UseOnnxRuntime(reason);
    }

    private void UseOnnxRuntime(string reason)
    {
        Backend = BackendChooser.OnnxRuntime(engines.Options);
        warn($"{reason}: this job ran on {Backend}, not on {engines.Backend.Name}");
    }
}
