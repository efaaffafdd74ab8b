using LatentSync.Decoding;
using LatentSync.Faces;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>A pack's networks, loaded.</summary>
internal sealed class LipSyncEngines : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private LipSyncEngines(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        // Networks that take turns share all threads and spin; the face networks run beside them and must not get in their way.
        OnnxRuntimeOptions main = new() { IntraOpThreads = options.Threads };
        OnnxRuntimeOptions side = new() { IntraOpThreads = 1, AllowSpinning = false };
        Pack = pack;
        try
        {
            OnnxRuntimeEngine Load(string path)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Own(OnnxRuntimeEngine.Load(path, main));
            }

            UNet = Load(pack.UNetPath);
            Encoder = new VaeEncoder(Load(pack.VaeEncoderPath), pack.VaeScalingFactor, pack.VaeShiftFactor);
            Decoder = new VaeDecoder(Load(pack.VaeDecoderPath), pack.VaeScalingFactor, pack.VaeShiftFactor);
            Whisper = Load(pack.WhisperPath);
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

    public IInferenceEngine UNet { get; }

    public VaeEncoder Encoder { get; }

    public VaeDecoder Decoder { get; }

    public IInferenceEngine Whisper { get; }

    public FaceAnalyzer Faces { get; }

    /// <exception cref="LatentSyncException">A network is missing or cannot be loaded.</exception>
    public static LipSyncEngines Load(ModelPack pack, LipSyncEngineOptions options, CancellationToken cancellationToken) => new(pack, options, cancellationToken);

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
