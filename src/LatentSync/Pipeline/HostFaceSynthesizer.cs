using LatentSync.Audio;
using LatentSync.Compositing;
using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Faces on the CPU: cropper, VAE encoder, UNet, VAE decoder and compositor, with everything in host memory.</summary>
internal sealed class HostFaceSynthesizer : IFaceSynthesizer
{
    private readonly HostNetworks _networks;
    private readonly FaceEncoder _encoder;
    private readonly ChunkDenoiser _denoiser;
    private readonly MouthMask _mask;
    private readonly AudioFeatures _audio;
    private readonly Tensor _noise;
    private readonly LipSyncOptions _options;
    private readonly IFaceKernels _kernels;
    private readonly StageClock _clock;
    private readonly FaceBufferPool _buffers = new();
    private readonly FaceCompositor _compositor;

    // Reused for every frame.
    private readonly Tensor _decoded;

    public HostFaceSynthesizer(
        HostNetworks networks, FaceEncoder encoder, ChunkDenoiser denoiser, MouthMask mask, AudioFeatures audio, Tensor noise, LipSyncOptions options, IFaceKernels kernels, StageClock clock)
    {
        _networks = networks;
        _encoder = encoder;
        _denoiser = denoiser;
        _mask = mask;
        _audio = audio;
        _noise = noise;
        _options = options;
        _kernels = kernels;
        _clock = clock;
        _compositor = new FaceCompositor(Resolution, kernels);
        _decoded = Tensor.Zeros(1, 3, Resolution, Resolution);
    }

    private int Resolution => _mask.Resolution;

    private int PictureLength => 3 * Resolution * Resolution;

    // For progress, encoding a frame and decoding it count about as much as one of its denoising steps.
    private double PartShare => 1.0 / (_options.Steps + 2);

    /// <summary>None.</summary>
    public GpuUse? Gpu => null;

    /// <inheritdoc/>
    public long EncoderRunCount => _encoder.RunCount;

    /// <inheritdoc/>
    public RgbImage? Cut(VideoFrame frame, AffineTransform frameToCrop) => _encoder.Cut(frame, frameToCrop);

    /// <inheritdoc/>
    public ISyncedGroup Synthesize(IReadOnlyList<JobFrame> group, long emitted, Action<LipSyncStage, double> onWork, CancellationToken cancellationToken)
    {
        FaceBuffer faces = _buffers.Rent(group.Count * PictureLength);
        Tensor pixels = new(faces.Values, group.Count, 3, Resolution, Resolution);
        FaceChunk chunk = Encode(group, pixels, onWork, cancellationToken);
        Tensor latents;
        using (_clock.Time(LipSyncStage.Denoising))
        {
            latents = _denoiser.Denoise(chunk, _noise, step => onWork(LipSyncStage.Denoising, group.Count * (1 + step) * PartShare), cancellationToken);
        }

        int latentLength = latents.Length / group.Count;
        for (int f = 0; f < group.Count && _options.Observer is { } observer; f++)
        {
            observer.OnLatents(group[f].Index, Slice(latents, f, latentLength));
        }

        using (_clock.Time(LipSyncStage.VaeDecode))
        {
            for (int f = 0; f < group.Count && group[f].Index < emitted; f++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _networks.Decoder.Decode(Slice(latents, f, latentLength), _decoded, cancellationToken);
                Span<float> original = pixels.Span.Slice(f * PictureLength, PictureLength);
                _kernels.KeepOriginal(original, _mask.Pixels, _decoded.Span);
                _decoded.Span.CopyTo(original);
                onWork(LipSyncStage.VaeDecode, ((group.Count * (1 + _options.Steps)) + f + 1) * PartShare);
            }
        }

        return new HostSyncedGroup(group, faces, _compositor, _clock);
    }

    /// <summary>Nothing: the networks are not its own.</summary>
    public void Dispose()
    {
    }

    private FaceChunk Encode(IReadOnlyList<JobFrame> group, Tensor pixels, Action<LipSyncStage, double> onWork, CancellationToken cancellationToken)
    {
        using StageClock.Running running = _clock.Time(LipSyncStage.VaeEncode);
        int side = Resolution / 8, channels = (int)_noise.Shape[0], latentLength = channels * side * side;
        Tensor masked = Tensor.Zeros(group.Count, channels, side, side);
        Tensor reference = Tensor.Zeros(group.Count, channels, side, side);

        for (int f = 0; f < group.Count; f++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _encoder.Encode(
                group[f].Frame.SourceIndex,
                group[f].Face!,
                pixels.Span.Slice(f * PictureLength, PictureLength),
                masked.Span.Slice(f * latentLength, latentLength),
                reference.Span.Slice(f * latentLength, latentLength),
                cancellationToken);
            onWork(LipSyncStage.VaeEncode, (f + 1) * PartShare);
        }

        return new FaceChunk(_mask.Latent, masked, reference, Windows(group));
    }

    private Tensor Windows(IReadOnlyList<JobFrame> group)
    {
        Tensor windows = Tensor.Zeros(group.Count, _audio.WindowRows, _audio.State);
        int length = windows.Length / group.Count;
        for (int f = 0; f < group.Count; f++)
        {
            _audio.CopyWindow(group[f].Index, _options.FrameRate.Value, windows.Span.Slice(f * length, length));
        }

        return windows;
    }

    private static Tensor Slice(Tensor tensor, int index, int length)
    {
        long[] shape = [1, .. tensor.Shape[1..]];
        return new Tensor(tensor.Data.Slice(index * length, length), shape);
    }
}
