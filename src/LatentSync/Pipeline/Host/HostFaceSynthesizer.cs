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
/// Faces on the CPU, with everything in host memory: VAE encoder, UNet and VAE decoder as stages at the same time. While chunks are denoised, the next is
/// encoded and the one before decoded, so that the denoisers wait for nobody once the first chunks are there.
/// </summary>
internal sealed class HostFaceSynthesizer : IFaceSynthesizer
{
    private readonly FaceEncoder _encoder;
    private readonly FaceImagePool _images;
    private readonly HostChunk[] _chunks;
    private readonly BlockingCollection<HostChunk> _free;
    private readonly BlockingCollection<HostGroup> _encoded;
    private readonly BlockingCollection<HostGroup> _denoised;
    private readonly EncodeStage _encode;
    private readonly DenoiseStage _denoise;
    private readonly DecodeStage _decode;

    public HostFaceSynthesizer(
        HostNetworks networks, FaceEncoder encoder, IReadOnlyList<ChunkDenoiser> denoisers, MouthMask mask, AudioFeatures audio, Tensor noise, LipSyncOptions options, int chunkLength, IFaceKernels kernels, StageClock clock)
    {
        // For progress, encoding a frame and decoding it count about as much as one of its denoising steps.
        double share = 1.0 / (options.Steps + 2);
        int channels = (int)noise.Shape[0], batch = denoisers[0].MaxChunks;

        ChunksAtWork = (denoisers.Count + 1) * batch;
        _encoder = encoder;
        _images = new FaceImagePool(mask.Resolution);
        // One more, whose frames leave while it is decoded.
        _chunks = [.. Enumerable.Range(0, ChunksAtWork + 1).Select(_ => new HostChunk(mask.Latent, chunkLength, channels, audio.WindowRows, audio.State))];
        _free = [.. _chunks];
        _encoded = new BlockingCollection<HostGroup>(batch);
        _denoised = new BlockingCollection<HostGroup>(_chunks.Length);
        _encode = new EncodeStage(encoder, audio, options.FrameRate.Value, share, clock);
        _denoise = new DenoiseStage(denoisers, noise, share, clock);
        _decode = new DecodeStage(networks.Decoder, mask, channels, _images, options.Observer, kernels, share, clock);
    }

    /// <summary>None.</summary>
    public GpuUse? Gpu => null;

    /// <summary>None.</summary>
    public string? Warning => null;

    /// <inheritdoc/>
    public long EncoderRunCount => _encoder.RunCount;

    /// <summary>Those that are denoised, and those that are encoded meanwhile.</summary>
    public int ChunksAtWork { get; }

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
        stages.Start(token => _encode.Run(queues, _free, _encoded, token));
        _denoise.Start(stages, queues, _encoded, _denoised);
        stages.Start(token => _decode.Run(queues, _denoised, _free, token));
    }

    /// <summary>Gives queues and chunks back; the networks are not its own.</summary>
    public void Dispose()
    {
        _free.Dispose();
        _encoded.Dispose();
        _denoised.Dispose();
        foreach (HostChunk chunk in _chunks)
        {
            chunk.Dispose();
        }
    }
}
