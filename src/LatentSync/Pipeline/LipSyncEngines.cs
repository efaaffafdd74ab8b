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
        // Networks that take turns share all threads and spin; the face networks run beside them and must not get in their way.
        OnnxRuntimeOptions main = new() { IntraOpThreads = options.Threads };
        OnnxRuntimeOptions side = new() { IntraOpThreads = 1, AllowSpinning = false };
        (Pack, Options, Backend) = (pack, options, backend);
        try
        {
            if (backend.Gpu is { } gpu)
            {
                Own(gpu);
            }
            else
            {
                LoadHost(cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            Whisper = Own(OnnxRuntimeEngine.Load(pack.WhisperPath, main));
            cancellationToken.ThrowIfCancellationRequested();
            Faces = Own(FaceAnalyzer.Load(pack.DetectorPath, pack.LandmarksPath, side));
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
        return _host ??= new HostNetworks(
            Load(Pack.UNetPath, PackComponentName.UNet),
            new VaeEncoder(Load(Pack.VaeEncoderPath, PackComponentName.VaeEncoder), Pack.VaeScalingFactor, Pack.VaeShiftFactor),
            new VaeDecoder(Load(Pack.VaeDecoderPath, PackComponentName.VaeDecoder), Pack.VaeScalingFactor, Pack.VaeShiftFactor));

        OnnxRuntimeEngine Load(string path, string component)
        {
            cancellationToken.ThrowIfCancellationRequested();
            OnnxRuntimeOptions session = new() { IntraOpThreads = Options.Threads, Provider = Options.OnnxProvider, Device = Options.Device };
            return Own(OnnxRuntimeEngine.Load(path, OnnxEngineCache.Add(session, Pack.Component(component))));
        }
    }

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
