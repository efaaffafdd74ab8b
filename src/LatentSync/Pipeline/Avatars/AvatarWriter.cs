using System.Security.Cryptography;
using System.Text.Json;
using LatentSync.Faces;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Writes an avatar frame by frame, beside its name; it has its name only after <see cref="Complete"/>, and no valid beginning before.</summary>
internal sealed class AvatarWriter : IDisposable
{
    private readonly PartialFile _file;
    private readonly FaceRecordLayout _layout;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<AvatarFrame> _frames = [];
    private long _position = AvatarPrologue.Size;
    private int _records;

    private AvatarWriter(PartialFile file, FaceRecordLayout layout) => (_file, _layout) = (file, layout);

    /// <summary>Frames so far.</summary>
    public int FrameCount => _frames.Count;

    /// <summary>Frames with a face so far.</summary>
    public int FaceCount => _records;

    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the file exists, is an input, or cannot be written.</exception>
    public static AvatarWriter Create(string path, FaceRecordLayout layout, bool overwrite, IEnumerable<string> inputs) =>
        new(PartialFile.Create(path, overwrite, inputs), layout);

    /// <summary>Adds the next frame.</summary>
    /// <param name="face">What the tracker made of it.</param>
    /// <param name="record">Its record as <see cref="FaceRecordLayout"/> has it; not looked at without a face.</param>
    public void Append(TrackedFace face, ReadOnlySpan<byte> record)
    {
        if (face.HasFace)
        {
            Write(record[.._layout.RecordSize]);
        }

        _frames.Add(new AvatarFrame(face.Absence, face.HasFace ? _records++ : -1, face.FrameToCrop));
    }

    /// <summary>Writes the table and the description, then the beginning, which makes the file valid, and gives it its name.</summary>
    public void Complete(AvatarInfo info)
    {
        byte[] recordsHash = _hash.GetHashAndReset();
        byte[] table = new byte[_frames.Count * AvatarFrame.Size];
        for (int i = 0; i < _frames.Count; i++)
        {
            _frames[i].Write(table.AsSpan(i * AvatarFrame.Size));
        }

        byte[] description = JsonSerializer.SerializeToUtf8Bytes(info, AvatarJsonContext.Default.AvatarInfo);
        Write(table);
        Write(description);
        _position = 0;
        Write(new AvatarPrologue(_layout.RecordSize, _frames.Count, _records, description.Length).ToBytes(recordsHash, _hash.GetHashAndReset()));
        _file.Commit();
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file.Handle, bytes, _position);
            _hash.AppendData(bytes);
            _position += bytes.Length;
        }
        catch (IOException exception)
        {
            throw new LatentSyncException(
                LatentSyncError.Output, $"'{MediaPath.Show(_file.FinalPath)}' could not be written ({MediaPath.Show(exception.Message)}): free space on that disk or write to another one", exception);
        }
    }
}
