using LatentSync.Decoding;
using LatentSync.Faces;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>A pack's networks, loaded: UNet and VAE on ONNX Runtime or on a GPU, the small ones on the CPU.</summary>
internal sealed class LipSyncEngines : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private HostNetworks? _host;

    private LipSyncEngines(ModelPack pack, LipSyncEngineOptions options, BackendChoice backend, CancellationToken cancellationToken)
    {
        (Pack, Options, Backend) = (pack, options, backend);
        try
        {
            if (backend.Gpu is { } gpu)
            {
                Own(gpu);
            }
            else
            {
                HostNetworks host = LoadHost(cancellationToken);
                if (options.FirstJob is { } job)
                {
                    host.UNet.For(job, cancellationToken);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            Whisper = Own(Tapped(PackComponentName.Whisper, pack.WhisperPath, NetworkSessions.Speech(options)) ?? OnnxRuntimeEngine.Load(pack.WhisperPath, NetworkSessions.Speech(options)));
            cancellationToken.ThrowIfCancellationRequested();
            Faces = Own(FaceAnalyzer.Load(pack.DetectorPath, pack.LandmarksPath, NetworkSessions.Side(options)));
        }
        catch
        {
            // Those already loaded hold memory that no collection gives back.
            Dispose();
            throw;
        }
    }

    public ModelPack Pack { get; }

    /// <summary>How they were loaded.</summary>
    public LipSyncEngineOptions Options { get; }

    /// <summary>What runs UNet and VAE, and why.</summary>
    public BackendChoice Backend { get; }

    public IInferenceEngine Whisper { get; }

    public FaceAnalyzer Faces { get; }

    /// <exception cref="LatentSyncException">A network is missing or cannot be loaded, or the backend that was asked for is not to be had.</exception>
    public static LipSyncEngines Load(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken) =>
        Load(pack, options, BackendChooser.Choose(pack, options, cancellationToken), cancellationToken);

    /// <summary>Loads what a choice has not loaded yet; takes the choice over.</summary>
    public static LipSyncEngines Load(ModelPack pack, LipSyncEngineOptions options, BackendChoice backend, CancellationToken cancellationToken) =>
        new(pack, options, backend, cancellationToken);

    /// <summary>UNet and VAE in host memory. Where they run on a GPU they are loaded for the first job that the GPU cannot run.</summary>
    /// <exception cref="LatentSyncException">A network cannot be loaded.</exception>
    public HostNetworks LoadHost(CancellationToken cancellationToken)
    {
        if (_host is null)
        {
            DenoiserPlan plan = DenoiserPlan.For(Options, Pack);
            HostUNet unet = Own(HostUNet.Open(Pack, Options.Rewrites, NetworkSessions.UNet(Options, plan), plan.Denoisers, Options.Tap));
            cancellationToken.ThrowIfCancellationRequested();
            IInferenceEngine encoder = Own(Tapped(PackComponentName.VaeEncoder, Pack.VaeEncoderPath, Vae(PackComponentName.VaeEncoder))
                ?? OnnxRuntimeEngine.Load(Pack.VaeEncoderPath, Vae(PackComponentName.VaeEncoder)));
            cancellationToken.ThrowIfCancellationRequested();
            IInferenceEngine decoder = Own(Tapped(PackComponentName.VaeDecoder, Pack.VaeDecoderPath, Vae(PackComponentName.VaeDecoder))
                ?? RewrittenNetwork.LoadDecoder(Pack, Options.Rewrites, Vae(PackComponentName.VaeDecoder)));
            _host = new HostNetworks(
                unet, new VaeEncoder(encoder, Pack.VaeScalingFactor, Pack.VaeShiftFactor), new VaeDecoder(decoder, Pack.VaeScalingFactor, Pack.VaeShiftFactor));
        }

        return _host;

        OnnxRuntimeOptions Vae(string component) => NetworkSessions.Vae(Options, Pack.Component(component));
    }

    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
    }

    private IInferenceEngine? Tapped(string component, string path, OnnxRuntimeOptions session) => Options.Tap?.Load(Pack.Component(component), path, session);

    private T Own<T>(T engine)
        where T : IDisposable
    {
        _owned.Add(engine);
        return engine;
    }
}
