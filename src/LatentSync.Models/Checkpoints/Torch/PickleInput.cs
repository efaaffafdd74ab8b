using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>Bytes of a pickle, read through a small window; every length is checked against what is left before anything is allocated.</summary>
internal sealed class PickleInput
{
    private const int WindowInBytes = 16 << 10;

    // Longest string or byte string accepted: a tensor's name takes tens of bytes, a configuration kept as text some thousands.
    private const int MaxStringInBytes = 1 << 20;
    private const int MaxLineInBytes = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FileStream _stream;
    private readonly long _end;
    private readonly byte[] _window = new byte[WindowInBytes];
    private long _windowStart;
    private int _windowLength;
    private int _at;

    public PickleInput(FileStream stream, FileRegion region)
    {
        _stream = stream;
        _windowStart = region.Offset;
        _end = region.End;
    }

    /// <summary>Where the next byte lies in the file.</summary>
    public long Position => _windowStart + _at;

    private long Remaining => _end - Position;

    public byte ReadByte()
    {
        if (_at == _windowLength)
        {
            Fill();
        }

        return _window[_at++];
    }

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        ReadBytes(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        ReadBytes(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong ReadUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public double ReadBigEndianDouble()
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadBytes(bytes);
        return BinaryPrimitives.ReadDoubleBigEndian(bytes);
    }

    public byte[] ReadByteString(ulong length)
    {
        byte[] bytes = new byte[CheckLength(length)];
        ReadBytes(bytes);
        return bytes;
    }

    public string ReadString(ulong length, bool latin1 = false)
    {
        int count = CheckLength(length);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            ReadBytes(bytes.AsSpan(0, count));
            return latin1 ? Encoding.Latin1.GetString(bytes, 0, count) : StrictUtf8.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException exception)
        {
            throw Damaged("a text in its pickle is not valid UTF-8", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Reads up to a line feed, which is taken off.</summary>
    public string ReadLine()
    {
        Span<byte> line = stackalloc byte[MaxLineInBytes];
        for (int i = 0; i < line.Length; i++)
        {
            byte value = ReadByte();
            if (value == (byte)'\n')
            {
                return Encoding.Latin1.GetString(line[..i]);
            }

            line[i] = value;
        }

        throw Damaged("a name in its pickle is too long");
    }

    public LatentSyncException Damaged(string reason, Exception? inner = null) => CheckpointFile.Damaged(_stream.Name, reason, inner);

    private int CheckLength(ulong length)
    {
        if (length > (ulong)Remaining)
        {
            throw Damaged($"its pickle ends inside a text that claims {length} bytes");
        }

        return length <= MaxStringInBytes
            ? (int)length
            : throw Damaged($"a text of {length} bytes in its pickle is longer than any checkpoint needs");
    }

    private void ReadBytes(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_at == _windowLength)
            {
                Fill();
            }

            int count = Math.Min(destination.Length, _windowLength - _at);
            _window.AsSpan(_at, count).CopyTo(destination);
            _at += count;
            destination = destination[count..];
        }
    }

    private void Fill()
    {
        long start = Position;
        int count = (int)Math.Min(WindowInBytes, _end - start);
        if (count <= 0)
        {
            throw Damaged("its pickle ends early");
        }

        CheckpointFile.ReadExactly(_stream, start, _window.AsSpan(0, count));
        (_windowStart, _windowLength, _at) = (start, count, 0);
    }
}
