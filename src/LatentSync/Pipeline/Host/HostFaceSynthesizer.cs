using System.Collections.Concurrent;
using LatentSync.Audio;
using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Host;

/// <summary>
/// Faces on the CPU, with everything in host memory: VAE encoder, UNet and VAE decoder as stages at the same time. While a chunk is denoised, the next is
/// encoded and the one before decoded, so that the denoiser waits for nobody once the first chunk is there.
/// </summary>
internal sealed class HostFaceSynthesizer : IFaceSynthesizer
{
    private readonly FaceEncoder _encoder;
    private readonly FaceImagePool _images;
    private readonly BlockingCollection<HostChunk> _free;
    private readonly BlockingCollection<HostGroup> _encoded;
    private readonly BlockingCollection<HostGroup> _denoised;
    private readonly EncodeStage _encode;
    private readonly DenoiseStage _denoise;
    private readonly DecodeStage _decode;

    public HostFaceSynthesizer(
        HostNetworks networks, FaceEncoder encoder, ChunkDenoiser denoiser, MouthMask mask, AudioFeatures audio, Tensor noise, LipSyncOptions options, int chunkLength, IFaceKernels kernels, StageClock clock)
    {
        // For progress, encoding a frame and decoding it count about as much as one of its denoising steps.
        double share = 1.0 / (options.Steps + 2);
        int channels = (int)noise.Shape[0], chunks = ChunksInFlight(denoiser.MaxChunks);
        _encoder = encoder;
        _images = new FaceImagePool(mask.Resolution);
        _free = new BlockingCollection<HostChunk>(chunks);
        _encoded = new BlockingCollection<HostGroup>(denoiser.MaxChunks);
        _denoised = new BlockingCollection<HostGroup>(denoiser.MaxChunks);
        for (int i = 0; i < chunks; i++)
        {
            _free.Add(new HostChunk(mask.Latent, chunkLength, channels, audio.WindowRows, audio.State));
        }

        _encode = new EncodeStage(encoder, audio, options.FrameRate.Value, share, clock);
        _denoise = new DenoiseStage(denoiser, noise, options.Observer, share, clock);
        _decode = new DecodeStage(networks.Decoder, mask, channels, _images, kernels, share, clock);
    }

    /// <summary>None.</summary>
    public GpuUse? Gpu => null;

    /// <inheritdoc/>
    public long EncoderRunCount => _encoder.RunCount;

    /// <summary>Chunks that are held at a time: those that are denoised together, as many that are encoded meanwhile, and one that is decoded.</summary>
    /// <param name="chunksAtOnce">Chunks that are denoised together.</param>
    public static int ChunksInFlight(int chunksAtOnce) => (2 * chunksAtOnce) + 1;

    /// <inheritdoc/>
    public RgbImage? Cut(VideoFrame frame, AffineTransform frameToCrop)
    {
        RgbImage face = _images.Rent();
        _encoder.Cut(frame, frameToCrop, face);
        return face;
    }

    /// <inheritdoc/>
    public void Start(StageGroup stages, SynthesisQueues queues)
    {
        stages.StartThread(token => _encode.Run(queues, _free, _encoded, token));
        stages.StartThread(token => _denoise.Run(queues, _encoded, _denoised, token));
        stages.StartThread(token => _decode.Run(queues, _denoised, _free, token));
    }

    /// <summary>Gives the queues back; the networks are not its own.</summary>
    public void Dispose()
    {
        _free.Dispose();
        _encoded.Dispose();
        _denoised.Dispose();
    }
}
