using System.Buffers.Binary;
using System.Text;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// The directory of a zip file (PKWARE APPNOTE 4.3, zip64 included): where each stored entry's bytes lie, so that they can be read in place.
/// Every offset and length is checked against the file before it is used; what it allocates is bounded by <see cref="MaxDirectoryInBytes"/>.
/// </summary>
internal sealed class ZipDirectory
{
    // A directory entry takes about 80 bytes: room for a hundred times the tensors of the full-size UNet.
    private const int MaxDirectoryInBytes = 16 << 20;
    private const int MaxNameInBytes = 1024;

    private const uint LocalHeader = 0x04034b50, CentralHeader = 0x02014b50, EndRecord = 0x06054b50, End64Record = 0x06064b50, End64Locator = 0x07064b50;
    private const int LocalHeaderInBytes = 30, CentralHeaderInBytes = 46, EndInBytes = 22, End64InBytes = 56, LocatorInBytes = 20;
    private const ushort Stored = 0, Zip64Extra = 0x0001, EncryptedFlag = 1;

    private readonly FileStream _stream;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _directoryStart;

    private ZipDirectory(FileStream stream)
    {
        _stream = stream;
    }

    public IEnumerable<string> Names => _entries.Keys;

    public static ZipDirectory Read(FileStream stream)
    {
        ZipDirectory directory = new(stream);
        (long start, long size, long count) = directory.ReadEnd();
        directory._directoryStart = start;
        directory.ReadEntries(start, (int)size, count);
        return directory;
    }

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The bytes of an entry in the file; refused unless they are stored as they are and lie before the directory.</summary>
    public FileRegion Locate(string name)
    {
        if (!_entries.TryGetValue(name, out Entry entry))
        {
            throw Damaged($"its part {CheckpointFile.Quote(name)} is missing");
        }

        if ((entry.Flags & EncryptedFlag) != 0)
        {
            throw Damaged($"its part {CheckpointFile.Quote(name)} is encrypted");
        }

        if (entry.Method != Stored || entry.CompressedSize != entry.Size)
        {
            throw new LatentSyncException(
                LatentSyncError.Model,
                $"{_stream.Name}: its part {CheckpointFile.Quote(name)} is compressed (zip method {entry.Method}), torch stores it as it is; unpack the file and pack it again with 'zip -0', or download the original");
        }

        Span<byte> header = stackalloc byte[LocalHeaderInBytes];
        if (entry.HeaderOffset > _directoryStart - LocalHeaderInBytes)
        {
            throw Damaged($"its part {CheckpointFile.Quote(name)} lies outside the file");
        }

        CheckpointFile.ReadExactly(_stream, entry.HeaderOffset, header);
        int nameLength = U16(header, 26), extraLength = U16(header, 28);
        long start = entry.HeaderOffset + LocalHeaderInBytes + nameLength + extraLength;
        if (U32(header, 0) != LocalHeader || start > _directoryStart || entry.Size > _directoryStart - start)
        {
            throw Damaged($"its part {CheckpointFile.Quote(name)} of {entry.Size} bytes is not where the directory says");
        }

        Span<byte> localName = stackalloc byte[MaxNameInBytes];
        if (nameLength > MaxNameInBytes)
        {
            throw Damaged($"its part {CheckpointFile.Quote(name)} goes by two names");
        }

        CheckpointFile.ReadExactly(_stream, entry.HeaderOffset + LocalHeaderInBytes, localName[..nameLength]);
        return Encoding.UTF8.GetString(localName[..nameLength]) == name
            ? new FileRegion(start, entry.Size)
            : throw Damaged($"its part {CheckpointFile.Quote(name)} goes by two names");
    }

    private (long Start, long Size, long Count) ReadEnd()
    {
        int tailLength = (int)Math.Min(_stream.Length, EndInBytes + ushort.MaxValue);
        byte[] tail = new byte[tailLength];
        CheckpointFile.ReadExactly(_stream, _stream.Length - tailLength, tail);
        int at = tailLength - EndInBytes;
        while (at >= 0 && !(U32(tail, at) == EndRecord && U16(tail, at + 20) == tailLength - at - EndInBytes))
        {
            at--;
        }

        if (at < 0)
        {
            throw Damaged("the zip directory at its end is missing, so it was cut off");
        }

        long endPosition = _stream.Length - tailLength + at;
        long count = U16(tail, at + 10), size = U32(tail, at + 12), start = U32(tail, at + 16);
        (long Start, long Size, long Count, long Position)? wide = ReadEnd64(endPosition);
        if (wide is { } end64)
        {
            (start, size, count, endPosition) = end64;
        }

        if (start < 0 || size < 0 || count < 0 || start > endPosition || size > endPosition - start || count > size / CentralHeaderInBytes)
        {
            throw Damaged($"its zip directory ({count} entries, {size} bytes at {start}) does not fit into it");
        }

        return size <= MaxDirectoryInBytes
            ? (start, size, count)
            : throw Damaged($"its zip directory of {size} bytes is larger than any checkpoint's");
    }

    private (long Start, long Size, long Count, long Position)? ReadEnd64(long endPosition)
    {
        Span<byte> locator = stackalloc byte[LocatorInBytes];
        if (endPosition < LocatorInBytes + End64InBytes)
        {
            return null;
        }

        CheckpointFile.ReadExactly(_stream, endPosition - LocatorInBytes, locator);
        if (U32(locator, 0) != End64Locator)
        {
            return null;
        }

        long position = I64(locator, 8);
        if (position < 0 || position > endPosition - LocatorInBytes - End64InBytes)
        {
            throw Damaged("its zip64 directory lies outside it");
        }

        Span<byte> end = stackalloc byte[End64InBytes];
        CheckpointFile.ReadExactly(_stream, position, end);
        return U32(end, 0) == End64Record
            ? (I64(end, 48), I64(end, 40), I64(end, 32), position)
            : throw Damaged("its zip64 directory is not where its locator says");
    }

    private void ReadEntries(long start, int size, long count)
    {
        byte[] directory = new byte[size];
        CheckpointFile.ReadExactly(_stream, start, directory);
        ReadOnlySpan<byte> rest = directory;
        for (long i = 0; i < count; i++)
        {
            if (rest.Length < CentralHeaderInBytes || U32(rest, 0) != CentralHeader)
            {
                throw Damaged($"entry {i} of its zip directory is not valid");
            }

            int nameLength = U16(rest, 28), extraLength = U16(rest, 30), commentLength = U16(rest, 32);
            int total = CentralHeaderInBytes + nameLength + extraLength + commentLength;
            if (total > rest.Length || nameLength > MaxNameInBytes)
            {
                throw Damaged($"entry {i} of its zip directory is not valid");
            }

            string name = Encoding.UTF8.GetString(rest.Slice(CentralHeaderInBytes, nameLength));
            Entry entry = ReadEntry(rest[..CentralHeaderInBytes], rest.Slice(CentralHeaderInBytes + nameLength, extraLength), name);
            if (!_entries.TryAdd(name, entry))
            {
                throw Damaged($"its part {CheckpointFile.Quote(name)} is listed twice");
            }

            rest = rest[total..];
        }
    }

    private Entry ReadEntry(ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra, string name)
    {
        long compressed = U32(header, 20), size = U32(header, 24), offset = U32(header, 42);
        if (compressed == uint.MaxValue || size == uint.MaxValue || offset == uint.MaxValue)
        {
            // The extra field holds, in this order, only those values whose 32-bit field is full.
            ReadOnlySpan<byte> wide = FindExtra(extra, Zip64Extra);
            size = size == uint.MaxValue ? Take(ref wide, name) : size;
            compressed = compressed == uint.MaxValue ? Take(ref wide, name) : compressed;
            offset = offset == uint.MaxValue ? Take(ref wide, name) : offset;
        }

        return compressed < 0 || size < 0 || offset < 0
            ? throw Damaged($"its part {CheckpointFile.Quote(name)} has a negative size or place")
            : new Entry(U16(header, 8), U16(header, 10), compressed, size, offset);
    }

    private long Take(ref ReadOnlySpan<byte> wide, string name)
    {
        if (wide.Length < 8)
        {
            throw Damaged($"the zip64 sizes of its part {CheckpointFile.Quote(name)} are missing");
        }

        long value = I64(wide, 0);
        wide = wide[8..];
        return value;
    }

    private static ReadOnlySpan<byte> FindExtra(ReadOnlySpan<byte> extra, ushort id)
    {
        while (extra.Length >= 4)
        {
            int length = U16(extra, 2);
            if (length > extra.Length - 4)
            {
                return default;
            }

            if (U16(extra, 0) == id)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return default;
    }

    private LatentSyncException Damaged(string reason) => CheckpointFile.Damaged(_stream.Name, reason);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private readonly record struct Entry(ushort Flags, ushort Method, long CompressedSize, long Size, long HeaderOffset);
}
