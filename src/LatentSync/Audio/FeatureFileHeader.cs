using System.Buffers.Binary;

namespace LatentSync.Audio;

/// <summary>What a feature file says before its rows: 112 bytes, little-endian.</summary>
/// <param name="Rows">Feature rows.</param>
/// <param name="Layers">Layers kept of the encoder, its input included.</param>
/// <param name="State">Width of a layer.</param>
/// <param name="SampleCount">Samples at 16 kHz.</param>
/// <param name="DecodedSampleCount">Samples before resampling.</param>
/// <param name="DecodedSampleRate">Their rate.</param>
internal readonly record struct FeatureFileHeader(long Rows, int Layers, int State, long SampleCount, long DecodedSampleCount, int DecodedSampleRate)
{
    /// <summary>Bytes of the header, with the key and the checksum.</summary>
    public const int Size = ChecksumOffset + HashSize;

    /// <summary>Where the checksum stands; it covers what is before it and all rows.</summary>
    public const int ChecksumOffset = KeyOffset + HashSize;

    /// <summary>Bytes of a SHA-256.</summary>
    public const int HashSize = 32;
    private const int KeyOffset = 48;
    private const int MaximumDimension = 1 << 16;

    /// <summary>Floats in one row.</summary>
    public int RowLength => Layers * State;

    /// <summary>Length of the whole file.</summary>
    public long FileLength => Size + (Rows * RowLength * sizeof(float));

    private static ReadOnlySpan<byte> Magic => "LSAUDIO1"u8;

    /// <summary>Writes everything but the checksum.</summary>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> key)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Rows);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], Layers);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], State);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], SampleCount);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], DecodedSampleCount);
        BinaryPrimitives.WriteInt64LittleEndian(destination[40..], DecodedSampleRate);
        key.CopyTo(destination[KeyOffset..]);
    }

    /// <summary>Reads a header; false if it is not one, is for another key, or its numbers cannot be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ReadOnlySpan<byte> key, long fileLength, out FeatureFileHeader header)
    {
        header = default;
        if (source.Length < Size || !source[..8].SequenceEqual(Magic) || !source.Slice(KeyOffset, HashSize).SequenceEqual(key))
        {
            return false;
        }

        header = new FeatureFileHeader(
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            (int)BinaryPrimitives.ReadInt64LittleEndian(source[40..]));
        return header.Layers is > 0 and <= MaximumDimension && header.State is > 0 and <= MaximumDimension
            && header.Rows > 0 && header.Rows <= fileLength / sizeof(float) / header.Layers / header.State
            && header.SampleCount > 0 && header.DecodedSampleCount > 0 && header.DecodedSampleRate > 0
            && header.FileLength == fileLength;
    }
}
