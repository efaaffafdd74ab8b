using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using LatentSync.Faces;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;

namespace LatentSync.Pipeline.Avatars;

/// <summary>
/// An avatar on disk: a beginning of 128 bytes with sizes and hashes, a record of fixed size for each face, a table with an entry for each frame, and a description as
/// JSON. Opening reads every byte once and compares the hashes; a file may come from anywhere. Records are then mapped into memory one at a
/// time, so that memory does not grow with the video. Safe for several threads.
/// </summary>
public sealed class AvatarFile : IDisposable
{
    /// <summary>The files' usual extension.</summary>
    public const string Extension = ".avatar";

    private readonly FileStream _stream;
    private readonly MemoryMappedFile? _map;
    private readonly AvatarPrologue _prologue;
    private readonly AvatarFrame[] _frames;

    private AvatarFile(string path, FileStream stream, AvatarPrologue prologue, AvatarFrame[] frames, AvatarInfo info)
    {
        (Path, _stream, _prologue, _frames, Info) = (path, stream, prologue, frames, info);
        Layout = new FaceRecordLayout(info.Identity.Resolution, info.Identity.LatentChannels);
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it says of itself.</summary>
    public AvatarInfo Info { get; }

    /// <summary>Its length.</summary>
    public long SizeInBytes => _prologue.FileLength;

    /// <summary>Bytes that a face takes: the aligned face and both latents.</summary>
    public int RecordSizeInBytes => _prologue.RecordSize;

    /// <summary>Frames without a usable face, in order.</summary>
    public IReadOnlyList<MissingFace> MissingFaces =>
        [.. _frames.Select((frame, index) => (frame, index)).Where(f => !f.frame.HasFace).Select(f => new MissingFace(f.index, f.index, f.frame.Absence.Describe()))];

    internal FaceRecordLayout Layout { get; }

    /// <summary>Opens an avatar and checks every byte of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops between windows of the file.</param>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Model"/>: it is missing, no avatar, cut off, damaged, or of another format version.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static AvatarFile Open(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileStream stream = AvatarFileCheck.OpenStream(path);
        try
        {
            (AvatarPrologue prologue, AvatarFrame[] frames, AvatarInfo info) = AvatarFileCheck.Read(path, stream, cancellationToken);
            return new AvatarFile(path, stream, prologue, frames, info);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _map?.Dispose();
        _stream.Dispose();
    }

    internal AvatarFrame Frame(int index) => _frames[index];

    /// <summary>Copies a part of a frame's record.</summary>
    /// <param name="frame">A frame with a face.</param>
    /// <param name="offset">First byte in the record.</param>
    /// <param name="destination">Receives it.</param>
    /// <exception cref="LatentSyncException">The file was cut short since it was opened.</exception>
    internal void Copy<T>(int frame, int offset, Span<T> destination)
        where T : unmanaged
    {
        // Mapped pages past a file's end would end the process, not the job.
        if (RandomAccess.GetLength(_stream.SafeFileHandle) < _prologue.FileLength)
        {
            throw AvatarFileCheck.Refused(Path, "it was cut short while it was in use");
        }

        long position = AvatarPrologue.Size + ((long)_frames[frame].Record * _prologue.RecordSize) + offset;
        int size = destination.Length * Unsafe.SizeOf<T>();
        using MemoryMappedViewAccessor view = _map!.CreateViewAccessor(position, size, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.ReadSpan((ulong)view.PointerOffset, destination);
    }
}
