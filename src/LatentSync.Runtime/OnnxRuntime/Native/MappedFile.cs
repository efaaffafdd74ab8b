using System.IO.MemoryMappedFiles;

namespace LatentSync.Runtime.OnnxRuntime.Native;

/// <summary>
/// A file mapped for reading: its pages are the system's file cache, shared with everyone who reads it, and taken back under pressure. A file that
/// is cut short while it is mapped ends the process that reads beyond its end, as with ONNX Runtime's own mapping.
/// </summary>
internal sealed class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _path;
    private readonly long _sizeInBytes;

    /// <exception cref="LatentSyncException">The file cannot be read.</exception>
    public MappedFile(string path)
    {
        try
        {
            _path = path;
            _sizeInBytes = new FileInfo(path).Length;
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _file?.Dispose();
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be mapped ({exception.Message}); import the checkpoints again with 'latentsync models import'", exception);
        }
    }

    /// <summary>Where some of the file's bytes are in memory; valid until this object is disposed.</summary>
    /// <exception cref="LatentSyncException">The file ends before.</exception>
    public nint Address(long offset, long size) => offset >= 0 && size >= 0 && size <= _sizeInBytes - offset
        ? _view.SafeMemoryMappedViewHandle.DangerousGetHandle() + (nint)(_view.PointerOffset + offset)
        : throw new LatentSyncException(LatentSyncError.Model, $"{_path}: does not hold {size} bytes at {offset}; import the checkpoints again with 'latentsync models import'");

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
