using System.Buffers.Binary;
using System.Text;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Writes zip files of stored entries as torch does, and lies where a test asks for it.</summary>
internal sealed class ZipBytes(bool zip64 = false)
{
    private readonly List<(string Name, long Offset, long Size)> _entries = [];

    /// <summary>Changes a directory entry's 46 fixed bytes before they are written.</summary>
    public Action<string, byte[]>? Entry { get; init; }

    /// <summary>Changes the end record's 22 bytes before they are written.</summary>
    public Action<byte[]>? End { get; init; }

    /// <summary>Bytes left out before each entry; on file systems with holes they take no room.</summary>
    public long Gap { get; init; }

    /// <summary>The bytes of a torch file: <c>ROOT/data.pkl</c>, <c>ROOT/byteorder</c> and the storages.</summary>
    public byte[] Torch(byte[] pickle, string byteOrder = "little", params (string Key, byte[] Bytes)[] storages)
    {
        using MemoryStream stream = new();
        WriteTorch(stream, pickle, byteOrder, storages);
        return stream.ToArray();
    }

    public void WriteTorch(Stream stream, byte[] pickle, string byteOrder, params (string Key, byte[] Bytes)[] storages)
    {
        Add(stream, "any root/data.pkl", pickle);
        Add(stream, "any root/byteorder", Encoding.ASCII.GetBytes(byteOrder));
        foreach ((string key, byte[] bytes) in storages)
        {
            Add(stream, $"any root/data/{key}", bytes);
        }

        Finish(stream);
    }

    public void Add(Stream stream, string name, byte[] data)
    {
        stream.Position += _entries.Count == 0 ? 0 : Gap;
        byte[] encoded = Encoding.UTF8.GetBytes(name), header = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), (ushort)encoded.Length);
        _entries.Add((name, stream.Position, data.Length));
        stream.Write(header);
        stream.Write(encoded);
        stream.Write(data);
    }

    public void Finish(Stream stream)
    {
        long start = stream.Position;
        foreach ((string name, long offset, long size) in _entries)
        {
            WriteEntry(stream, name, offset, size);
        }

        long length = stream.Position - start;
        if (zip64)
        {
            WriteEnd64(stream, start, length);
        }

        byte[] end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), zip64 ? ushort.MaxValue : (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), zip64 ? uint.MaxValue : (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), zip64 ? uint.MaxValue : (uint)start);
        End?.Invoke(end);
        stream.Write(end);
    }

    private void WriteEntry(Stream stream, string name, long offset, long size)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(name), entry = new byte[46], extra = new byte[zip64 ? 28 : 0];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014b50);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(20), zip64 ? uint.MaxValue : (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(24), zip64 ? uint.MaxValue : (uint)size);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(28), (ushort)encoded.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(30), (ushort)extra.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(42), zip64 ? uint.MaxValue : (uint)offset);
        if (zip64)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), 24);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), size);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(12), size);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(20), offset);
        }

        Entry?.Invoke(name, entry);
        stream.Write(entry);
        stream.Write(encoded);
        stream.Write(extra);
    }

    private void WriteEnd64(Stream stream, long start, long length)
    {
        long position = stream.Position;
        byte[] end = new byte[56], locator = new byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(24), _entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(32), _entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(40), length);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(48), start);
        stream.Write(end);
        BinaryPrimitives.WriteUInt32LittleEndian(locator, 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), position);
        BinaryPrimitives.WriteInt32LittleEndian(locator.AsSpan(16), 1);
        stream.Write(locator);
    }
}
