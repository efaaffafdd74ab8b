using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LatentSync.Pipeline.Avatars;

/// <summary>
/// The first bytes of an avatar, little-endian: magic (8), format version (4), bytes of a record (4), frames (4), records (4), bytes of the description (8),
/// SHA-256 of all records (32), SHA-256 of frame table and description (32), SHA-256 of everything before (32).
/// </summary>
internal readonly record struct AvatarPrologue(int RecordSize, int FrameCount, int RecordCount, long DescriptionLength)
{
    public const int Size = HashedSize + SHA256.HashSizeInBytes;

    private const int HashedSize = RecordsHashOffset + (2 * SHA256.HashSizeInBytes);
    private const int RecordsHashOffset = 32;
    private const int TableHashOffset = RecordsHashOffset + SHA256.HashSizeInBytes;
    private const int FormatVersion = 1;
    private const int MaxDescriptionLength = 1 << 20;
    private const int MaxRecordSize = 1 << 28;
    private const int MaxFrameCount = 1 << 24;

    // The last bytes show a transfer that changed line ends.
    private static ReadOnlySpan<byte> Magic => "LSAV\r\n\x1a\n"u8;

    /// <summary>Where the frame table begins: behind the records, which are as many as faces.</summary>
    public long TableOffset => Size + ((long)RecordCount * RecordSize);

    /// <summary>Bytes of the frame table.</summary>
    public long TableSize => (long)FrameCount * AvatarFrame.Size;

    /// <summary>Length of the whole file.</summary>
    public long FileLength => TableOffset + TableSize + DescriptionLength;

    /// <summary>SHA-256 of the records, as stated.</summary>
    public static ReadOnlySpan<byte> RecordsHash(ReadOnlySpan<byte> bytes) => bytes.Slice(RecordsHashOffset, SHA256.HashSizeInBytes);

    /// <summary>SHA-256 of table and description, as stated.</summary>
    public static ReadOnlySpan<byte> TableHash(ReadOnlySpan<byte> bytes) => bytes.Slice(TableHashOffset, SHA256.HashSizeInBytes);

    /// <summary>Reads and checks what can be checked without the rest.</summary>
    /// <returns>The prologue, or why it is refused.</returns>
    public static (AvatarPrologue Prologue, string? Refusal) Parse(ReadOnlySpan<byte> bytes, long fileLength)
    {
        if (!bytes.StartsWith(Magic))
        {
            return (default, bytes.IsEmpty ? "it is empty" : "it is not an avatar");
        }

        if (bytes.Length < Size)
        {
            return (default, "it is cut off");
        }

        // Before the hash: another version may hash otherwise, and its number is what the user needs to hear.
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != FormatVersion)
        {
            return (default, $"its format version is {version}, {FormatVersion} is read here");
        }

        if (!SHA256.HashData(bytes[..HashedSize]).AsSpan().SequenceEqual(bytes[HashedSize..Size]))
        {
            return (default, "its first bytes are damaged");
        }

        AvatarPrologue prologue = new(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
        bool isSane = prologue.RecordSize is > 0 and <= MaxRecordSize && prologue.FrameCount is > 0 and <= MaxFrameCount && prologue.RecordCount >= 0
            && prologue.RecordCount <= prologue.FrameCount && prologue.DescriptionLength is > 0 and <= MaxDescriptionLength;
        return !isSane ? (default, "its stated sizes cannot be")
            : prologue.FileLength != fileLength ? (default, $"it has {fileLength} bytes, {prologue.FileLength} belong to it")
            : (prologue, null);
    }

    /// <summary>The bytes with all hashes.</summary>
    public byte[] ToBytes(ReadOnlySpan<byte> recordsHash, ReadOnlySpan<byte> tableHash)
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), RecordSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), FrameCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), RecordCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), DescriptionLength);
        recordsHash.CopyTo(bytes.AsSpan(RecordsHashOffset));
        tableHash.CopyTo(bytes.AsSpan(TableHashOffset));
        SHA256.HashData(bytes.AsSpan(0, HashedSize)).CopyTo(bytes.AsSpan(HashedSize));
        return bytes;
    }
}
