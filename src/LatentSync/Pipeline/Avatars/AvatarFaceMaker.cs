using System.Runtime.InteropServices;
using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Pipeline.Prepared;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Frames to records, in order, through the very classes that a job uses.</summary>
internal sealed class AvatarFaceMaker(TrackedFaceLocator locator, FaceEncoder encoder)
{
    private readonly byte[] _record = new byte[encoder.Layout.RecordSize];
    private readonly RgbImage _face = new(encoder.Layout.Resolution, encoder.Layout.Resolution);
    private readonly float[] _pixels = new float[encoder.Layout.FaceSize];

    /// <summary>The last face's record; undefined without a face.</summary>
    public ReadOnlySpan<byte> Record => _record;

    /// <summary>Locates, cuts and encodes the next frame's face.</summary>
    public TrackedFace Make(VideoFrame frame, CancellationToken cancellationToken)
    {
        TrackedFace face = locator.Track(frame.Image, cancellationToken);
        if (face.HasFace)
        {
            encoder.Cut(frame, face.FrameToCrop, _face);
            _face.Span.CopyTo(_record);
            Span<float> latents = MemoryMarshal.Cast<byte, float>(_record.AsSpan(encoder.Layout.FaceSize));
            encoder.Encode(
                frame.SourceIndex, _face, _pixels, latents[..encoder.Layout.LatentLength], latents[encoder.Layout.LatentLength..], cancellationToken);
        }

        return face;
    }
}
