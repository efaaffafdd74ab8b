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

    private LipSyncEngines(ModelPack pack, LipSyncEngineOptions options, BackendChoice backend, CancellationToken cancellationToken)
    {
        Pack = pack;
        Backend = backend;
        try
        {
            OnnxRuntimeEngine Load(string path, OnnxRuntimeOptions session)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Own(OnnxRuntimeEngine.Load(path, session));
            }

            OnnxRuntimeEngine LoadVae(string path, string component) => Load(path, NetworkSessions.Vae(options, pack.Component(component)));

            if (backend.Gpu is { } gpu)
            {
                Own(gpu);
            }
            else
            {
                DenoiserPlan plan = DenoiserPlan.For(options, pack);
                Host = new HostNetworks(
                    Own(HostUNet.Open(pack, options.Rewrites, NetworkSessions.UNet(options, plan), plan.Denoisers)),
                    new VaeEncoder(LoadVae(pack.VaeEncoderPath, PackComponentName.VaeEncoder), pack.VaeScalingFactor, pack.VaeShiftFactor),
                    new VaeDecoder(Own(RewrittenNetwork.LoadDecoder(pack, options.Rewrites, NetworkSessions.Vae(options, pack.Component(PackComponentName.VaeDecoder)))), pack.VaeScalingFactor, pack.VaeShiftFactor));
            }

            Whisper = Load(pack.WhisperPath, NetworkSessions.Main(options));
            cancellationToken.ThrowIfCancellationRequested();
            Faces = Own(FaceAnalyzer.Load(pack.DetectorPath, pack.LandmarksPath, NetworkSessions.Side));
        }
        catch
        {
            // Those already loaded hold memory that no collection gives back.
            Dispose();
            throw;
        }
    }

    public ModelPack Pack { get; }

    /// <summary>What runs UNet and VAE, and why.</summary>
    public BackendChoice Backend { get; }

    /// <summary>UNet and VAE in host memory; null where they run on a GPU.</summary>
    public HostNetworks? Host { get; }

    public IInferenceEngine Whisper { get; }

    public FaceAnalyzer Faces { get; }

    /// <exception cref="LatentSyncException">A network is missing or cannot be loaded, or the backend that was asked for is not to be had.</exception>
    public static LipSyncEngines Load(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken) =>
        Load(pack, options, BackendChooser.Choose(pack, options, cancellationToken), cancellationToken);

    /// <summary>Loads what a choice has not loaded yet; takes the choice over.</summary>
    public static LipSyncEngines Load(ModelPack pack, LipSyncEngineOptions options, BackendChoice backend, CancellationToken cancellationToken) =>
        new(pack, options, backend, cancellationToken);

    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
    }

    private T Own<T>(T engine)
        where T : IDisposable
    {
        _owned.Add(engine);
        return engine;
    }
}
