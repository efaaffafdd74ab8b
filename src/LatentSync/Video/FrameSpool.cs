using System.Buffers.Binary;
using System.IO.Compression;
using LatentSync.Runtime;

namespace LatentSync.Video;

/// <summary>
/// Frames kept losslessly in one temporary file, to be played backwards and forwards in constant memory. Stored are only the differences
/// between neighbours (<see cref="FrameDelta"/>, Brotli): one leads from a frame to the next as well as back, and ping-pong never jumps, so a
/// frame costs one small read in either direction. Ten seconds of 1080p footage took 18 % of the raw size and 20 ms of a core for each frame; FFV1 took
/// 14 % and 110 ms, and would have to be read backwards in blocks by another process.
/// The file has no name from the start where the system allows it, so it is gone however this process ends.
/// </summary>
internal sealed class FrameSpool : IDisposable
{
    private const int Strips = 4; // compressed side by side on as many cores
    private const int HeaderBytes = Strips * sizeof(int);
    private const int Quality = 1; // higher ones halve the speed to save a few percent
    private const int Window = 22;

    private readonly FileStream _file;
    private readonly string _folder;
    private readonly byte[] _frame;
    private readonly byte[] _planes;
    private readonly byte[][] _packed = new byte[Strips][];
    private readonly byte[] _numbers = new byte[HeaderBytes];
    private readonly int _rowBytes;
    private readonly int _height;
    private long _position; // between the current frame's record and the next one's

    private FrameSpool(FileStream file, string folder, int width, int height)
    {
        (_file, _folder, _height, _rowBytes) = (file, folder, height, width * 3);
        _frame = new byte[Kernels.RgbImage.SizeInBytes(width, height)];
        _planes = new byte[_frame.Length];
        for (int strip = 0; strip < Strips; strip++)
        {
            _packed[strip] = new byte[BrotliEncoder.GetMaxCompressedLength(StripLength(strip))];
        }
    }

    /// <summary>Number of frames kept.</summary>
    public int Count { get; private set; }

    /// <summary>Place of <see cref="Frame"/>.</summary>
    public int Index { get; private set; }

    /// <summary>Bytes on the disk.</summary>
    public long SizeInBytes { get; private set; }

    /// <summary>The pixels of frame <see cref="Index"/>.</summary>
    public ReadOnlySpan<byte> Frame => _frame;

    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the folder cannot be written.</exception>
    public static FrameSpool Create(string folder, int width, int height)
    {
        try
        {
            return new FrameSpool(UnnamedFile.Create(folder, "latentsync-spool"), folder, width, height);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(folder, e);
        }
    }

    /// <summary>Adds a frame behind the last one and moves to it.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the disk is full.</exception>
    public void Append(ReadOnlyMemory<byte> frame)
    {
        MoveTo(Count - 1);
        if (Count > 0)
        {
            int[] lengths = new int[Strips];
            Parallel.For(0, Strips, strip =>
            {
                (int start, int length) = (StripStart(strip), StripLength(strip));
                Span<byte> planes = _planes.AsSpan(start, length);
                FrameDelta.Compute(frame.Span.Slice(start, length), _frame.AsSpan(start, length), planes);
                BrotliEncoder.TryCompress(planes, _packed[strip], out lengths[strip], Quality, Window); // the target holds the worst case
            });
            WriteRecord(lengths);
        }

        frame.Span[.._frame.Length].CopyTo(_frame);
        Index = Count++;
    }

    /// <summary>Walks to a frame, one difference at a time.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the disk failed.</exception>
    public void MoveTo(int index)
    {
        while (Index < index)
        {
            ReadRecord(_position, out int length);
            Apply(forward: true);
            (_position, Index) = (_position + length, Index + 1);
        }

        while (Index > index && Index > 0)
        {
            Read(_numbers.AsSpan(0, sizeof(int)), _position - sizeof(int));
            long start = _position - BinaryPrimitives.ReadInt32LittleEndian(_numbers);
            ReadRecord(start, out _);
            Apply(forward: false);
            (_position, Index) = (start, Index - 1);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A record: the strips' lengths, the strips, the record's own length (to be found from behind).</summary>
    private void WriteRecord(int[] lengths)
    {
        try
        {
            long position = _position + HeaderBytes;
            for (int strip = 0; strip < Strips; strip++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_numbers.AsSpan(strip * sizeof(int)), lengths[strip]);
                RandomAccess.Write(_file.SafeFileHandle, _packed[strip].AsSpan(0, lengths[strip]), position);
                position += lengths[strip];
            }

            RandomAccess.Write(_file.SafeFileHandle, _numbers, _position);
            BinaryPrimitives.WriteInt32LittleEndian(_numbers, (int)(position + sizeof(int) - _position));
            RandomAccess.Write(_file.SafeFileHandle, _numbers.AsSpan(0, sizeof(int)), position);
            _position = position + sizeof(int);
            SizeInBytes = _position;
        }
        catch (IOException e)
        {
            throw Failure(_folder, e);
        }
    }

    private void ReadRecord(long start, out int length)
    {
        Read(_numbers, start);
        long position = start + HeaderBytes;
        for (int strip = 0; strip < Strips; strip++)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(_numbers.AsSpan(strip * sizeof(int)));
            Read(_packed[strip].AsSpan(0, size), position);
            position += size;
        }

        length = (int)(position + sizeof(int) - start);
    }

    private void Read(Span<byte> target, long position)
    {
        try
        {
            while (target.Length > 0)
            {
                int read = RandomAccess.Read(_file.SafeFileHandle, target, position);
                target = read > 0 ? target[read..] : throw new EndOfStreamException("the spool ended early");
                position += read;
            }
        }
        catch (IOException e)
        {
            throw Failure(_folder, e);
        }
    }

    private void Apply(bool forward)
    {
        bool[] whole = new bool[Strips];
        Parallel.For(0, Strips, strip =>
        {
            (int start, int length) = (StripStart(strip), StripLength(strip));
            Span<byte> planes = _planes.AsSpan(start, length);
            int packed = BinaryPrimitives.ReadInt32LittleEndian(_numbers.AsSpan(strip * sizeof(int)));
            whole[strip] = length == 0
                || (BrotliDecoder.TryDecompress(_packed[strip].AsSpan(0, packed), planes, out int unpacked) && unpacked == length);
            Span<byte> pixels = _frame.AsSpan(start, length);
            if (forward)
            {
                FrameDelta.Add(pixels, planes);
            }
            else
            {
                FrameDelta.Subtract(pixels, planes);
            }
        });
        if (whole.Contains(false))
        {
            throw Failure(_folder, new InvalidDataException("what was written came back changed"));
        }
    }

    private int StripStart(int strip) => (int)((long)_height * strip / Strips) * _rowBytes;

    private int StripLength(int strip) => StripStart(strip + 1) - StripStart(strip);

    private static LatentSyncException Failure(string folder, Exception cause) => new(
        LatentSyncError.Output,
        $"the frames to be repeated cannot be kept in '{MediaPath.Show(folder)}' ({MediaPath.Show(cause.Message)}): free space there or choose another folder with --temp-dir",
        cause);
}
