using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Prepared;

/// <summary>
/// Frames to aligned faces to latents, on the CPU, each source frame once: what is prepared already is copied. <see cref="Cut"/> serves one thread,
/// <see cref="Encode"/> one, which may be another.
/// </summary>
internal sealed class FaceEncoder
{
    private readonly VaeEncoder _encoder;
    private readonly MouthMask _mask;
    private readonly IFaceKernels _kernels;
    private readonly IPreparedFaces _prepared;
    private readonly FaceCropper _cropper;
    private readonly Tensor _latents;

    // Both pictures of a frame are encoded in one run: the masked face, then the whole one.
    private readonly Tensor _pair;

    public FaceEncoder(VaeEncoder encoder, MouthMask mask, int latentChannels, IFaceKernels kernels, IPreparedFaces prepared)
    {
        (_encoder, _mask, _kernels, _prepared) = (encoder, mask, kernels, prepared);
        _cropper = new FaceCropper(mask.Resolution, kernels);
        _pair = Tensor.Zeros(2, 3, mask.Resolution, mask.Resolution);
        Layout = new FaceRecordLayout(mask.Resolution, latentChannels);
        _latents = Tensor.Zeros(2, latentChannels, mask.Latent.Shape[0], mask.Latent.Shape[1]);
    }

    /// <summary>Sizes of faces and latents.</summary>
    public FaceRecordLayout Layout { get; }

    /// <summary>How often the network ran.</summary>
    public long RunCount { get; private set; }

    /// <summary>Gives a frame's aligned face, R x R.</summary>
    /// <param name="frame">The frame; only read.</param>
    /// <param name="frameToCrop">Its transform, always the same for a source frame.</param>
    /// <param name="face">Receives the face, R x R.</param>
    public void Cut(VideoFrame frame, AffineTransform frameToCrop, RgbImage face)
    {
        if (!_prepared.TryReadFace(frame.SourceIndex, face.Span))
        {
            _cropper.Crop(frame.Image, frameToCrop, face);
            _prepared.KeepFace(frame.SourceIndex, face.Span);
        }
    }

    /// <summary>Gives a face's pixels and latents.</summary>
    /// <param name="source">The source frame.</param>
    /// <param name="face">Its face from <see cref="Cut"/>.</param>
    /// <param name="pixels">Receives the face, <c>[3,R,R]</c>, -1..1.</param>
    /// <param name="masked">Receives the scaled latents of the face with the mouth region blanked, <c>[C,R/8,R/8]</c>.</param>
    /// <param name="reference">Receives the scaled latents of the whole face, <c>[C,R/8,R/8]</c>.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public void Encode(int source, RgbImage face, Span<float> pixels, Span<float> masked, Span<float> reference, CancellationToken cancellationToken)
    {
        int length = Layout.FaceSize;
        _kernels.NormalizeAndMask(face, _mask.Pixels, pixels, _pair.Span[..length]);
        if (!_prepared.TryReadLatents(source, _latents.Span))
        {
            RunCount++;
            pixels.CopyTo(_pair.Span[length..]);
            _encoder.Encode(_pair, _latents, cancellationToken);
            _prepared.KeepLatents(source, _latents.Span);
        }

        _latents.Span[..Layout.LatentLength].CopyTo(masked);
        _latents.Span[Layout.LatentLength..].CopyTo(reference);
    }
}
