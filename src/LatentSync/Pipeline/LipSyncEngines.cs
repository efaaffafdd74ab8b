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

    private LipSyncEngines(ModelPack pack, LipSyncEngineOptions options)
    {
        // Networks that take turns share all threads and spin; the face networks run beside them and must not get in their way.
        OnnxRuntimeOptions main = new() { IntraOpThreads = options.Threads };
        OnnxRuntimeOptions side = new() { IntraOpThreads = 1, AllowSpinning = false };
        Pack = pack;
        UNet = Own(OnnxRuntimeEngine.Load(pack.UNetPath, main));
        Encoder = new VaeEncoder(Own(OnnxRuntimeEngine.Load(pack.VaeEncoderPath, main)), pack.VaeScalingFactor, pack.VaeShiftFactor);
        Decoder = new VaeDecoder(Own(OnnxRuntimeEngine.Load(pack.VaeDecoderPath, main)), pack.VaeScalingFactor, pack.VaeShiftFactor);
        Whisper = Own(OnnxRuntimeEngine.Load(pack.WhisperPath, main));
        Faces = Own(FaceAnalyzer.Load(pack.DetectorPath, pack.LandmarksPath, side));
    }

    public ModelPack Pack { get; }

    public IInferenceEngine UNet { get; }

    public VaeEncoder Encoder { get; }

    public VaeDecoder Decoder { get; }

    public IInferenceEngine Whisper { get; }

    public FaceAnalyzer Faces { get; }

    /// <exception cref="LatentSyncException">A network is missing or cannot be loaded.</exception>
    public static LipSyncEngines Load(ModelPack pack, LipSyncEngineOptions options) => new(pack, options);

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
