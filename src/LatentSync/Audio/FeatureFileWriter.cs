using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LatentSync.Audio;

/// <summary>Writes a feature file row by row; until <see cref="Complete"/> it has no valid header and no reader accepts it.</summary>
internal sealed class FeatureFileWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _header = new byte[FeatureFileHeader.Size];
    private readonly long _length;

    public FeatureFileWriter(string path, FeatureFileHeader header, ReadOnlySpan<byte> key)
    {
        header.Write(_header, key);
        _length = header.FileLength;
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = _length,
        });
        try
        {
            _file.Write(new byte[_header.Length]);
            _hash.AppendData(_header, 0, FeatureFileHeader.ChecksumOffset);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Appends whole rows.</summary>
    public void Append(ReadOnlySpan<float> rows)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(rows);
        _file.Write(bytes);
        _hash.AppendData(bytes);
    }

    /// <summary>Writes the header over the empty one; now the file is valid.</summary>
    public void Complete()
    {
        if (_file.Position != _length)
        {
            throw new InvalidOperationException($"the features take {_length} bytes, but {_file.Position} were written");
        }

        _hash.GetHashAndReset(_header.AsSpan(FeatureFileHeader.ChecksumOffset));
        _file.Position = 0;
        _file.Write(_header);
        _file.Flush(flushToDisk: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }
}
