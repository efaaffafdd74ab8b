using System.Buffers.Binary;
using LatentSync.Faces;
using LatentSync.Kernels;

namespace LatentSync.Pipeline.Avatars;

/// <summary>
/// A frame's entry in an avatar's table, 56 bytes, little-endian: why there is no face, 0 if there is one (4), its record, -1 for none (4),
/// and the transform from frame to crop (6 doubles, zero without a face).
/// </summary>
/// <param name="Absence">Why there is no usable face.</param>
/// <param name="Record">Index of its record: the number of faces before it; -1 without a face.</param>
/// <param name="FrameToCrop">Frame to crop; meaningless without a face.</param>
internal readonly record struct AvatarFrame(FaceAbsence Absence, int Record, AffineTransform FrameToCrop)
{
    public const int Size = 8 + (6 * sizeof(double));

    /// <summary>Whether there is a usable face.</summary>
    public bool HasFace => Absence == FaceAbsence.None;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, (int)Absence);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Record);
        AffineTransform t = HasFace ? FrameToCrop : default;
        ReadOnlySpan<double> values = [t.M00, t.M01, t.M02, t.M10, t.M11, t.M12];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(destination[(8 + (i * sizeof(double)))..], values[i]);
        }
    }

    public static AvatarFrame Read(ReadOnlySpan<byte> source)
    {
        Span<double> values = stackalloc double[6];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(source[(8 + (i * sizeof(double)))..]);
        }

        return new AvatarFrame(
            (FaceAbsence)BinaryPrimitives.ReadInt32LittleEndian(source),
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            new AffineTransform(values[0], values[1], values[2], values[3], values[4], values[5]));
    }
}
