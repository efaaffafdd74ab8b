using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// The first bytes of an engine file, little endian: magic (8), format version (4), header's length (4), plan's length (8), the plan's SHA-256 (32),
/// SHA-256 of everything before and of the header (32).
/// </summary>
internal sealed class EnginePrologue(int headerLength, long planLength, byte[] planHash)
{
    public const int Size = HashedSize + SHA256.HashSizeInBytes;

    private const int HashedSize = 24 + SHA256.HashSizeInBytes;
    private const int FormatVersion = 2;
    private const int MaxHeaderLength = 1 << 20;
    private const int WindowInBytes = 1 << 20;

    // The last bytes show a transfer that changed line ends.
    private static ReadOnlySpan<byte> Magic => "LSEN\r\n\x1a\n"u8;

    public int HeaderLength => headerLength;

    public long PlanLength => planLength;

    public byte[] PlanHash => planHash;

    /// <summary>Reads and checks what can be checked without the header.</summary>
    public static EnginePrologue Parse(string path, ReadOnlySpan<byte> bytes, long fileLength)
    {
        if (!bytes.StartsWith(Magic))
        {
            throw EngineFile.Refused(path, bytes.IsEmpty ? "it is empty" : "it is not an engine file");
        }

        if (bytes.Length < Size)
        {
            throw EngineFile.Refused(path, "it ends before its header does");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != FormatVersion)
        {
            throw EngineFile.Refused(path, $"its format version is {version}, {FormatVersion} is read here");
        }

        int header = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        long plan = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        if (header is < 1 or > MaxHeaderLength || plan < 1)
        {
            throw EngineFile.Refused(path, $"it states a header of {header} and a plan of {plan} bytes");
        }

        // Subtracted, not added: the stated lengths may be as large as they like.
        if (plan != fileLength - Size - header)
        {
            throw EngineFile.Refused(path, $"it has {fileLength} bytes, its stated parts do not add up to that");
        }

        return new EnginePrologue(header, plan, bytes.Slice(24, SHA256.HashSizeInBytes).ToArray());
    }

    /// <summary>Compares the hash of these bytes and of the header with the stated one.</summary>
    public void CheckHeader(string path, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> json)
    {
        if (!Hash(bytes[..HashedSize], json).AsSpan().SequenceEqual(bytes[HashedSize..Size]))
        {
            throw EngineFile.Refused(path, "its header does not have the stated SHA-256");
        }
    }

    public byte[] ToBytes(ReadOnlySpan<byte> json)
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), headerLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), planLength);
        planHash.CopyTo(bytes.AsSpan(24));
        Hash(bytes.AsSpan(0, HashedSize), json).CopyTo(bytes.AsSpan(HashedSize));
        return bytes;
    }

    /// <summary>Copies a stream and hashes what is copied.</summary>
    public static (long Length, byte[] Hash) CopyHashed(Stream source, Stream destination, CancellationToken cancellationToken)
    {
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowInBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = 0;
            int read;
            while ((read = source.Read(window)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(window, 0, read);
                destination.Write(window, 0, read);
                length += read;
            }

            return (length, hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    private static byte[] Hash(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> json)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        hash.AppendData(json);
        return hash.GetHashAndReset();
    }
}
