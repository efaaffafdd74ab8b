using System.Runtime.InteropServices;
using LatentSync.Video;

namespace LatentSync.Pipeline.Prepared;

/// <summary>
/// Faces of a video that plays forth and back, kept in one temporary file of bounded size, so that memory stays flat: a ring of records, a source frame in the
/// place of its index modulo the capacity. Ping-pong only ever walks to a neighbour, so the records overwritten are always those that are longest not needed.
/// The file has no name where the system allows it, and is gone however the process ends.
/// </summary>
internal sealed class LoopedFaces : IPreparedFaces
{
    private const int Empty = -1;

    private readonly FileStream _file;
    private readonly FaceRecordLayout _layout;
    private readonly Action<string> _warn;
    private readonly int[] _faces;
    private readonly int[] _latents;
    private volatile bool _full;

    private LoopedFaces(FileStream file, FaceRecordLayout layout, int capacity, Action<string> warn)
    {
        (_file, _layout, _warn) = (file, layout, warn);
        (_faces, _latents) = (new int[capacity], new int[capacity]);
        Array.Fill(_faces, Empty);
        Array.Fill(_latents, Empty);
    }

    /// <summary>Creates the file; without one there is nothing to reuse, but the job goes on.</summary>
    /// <param name="folder">The job's folder for temporary files.</param>
    /// <param name="layout">The records.</param>
    /// <param name="capacity">Records kept at most, at least 1.</param>
    /// <param name="warn">Told once if the disk does not take them.</param>
    public static IPreparedFaces Create(string folder, FaceRecordLayout layout, int capacity, Action<string> warn)
    {
        try
        {
            return new LoopedFaces(UnnamedFile.Create(folder, "latentsync-faces"), layout, capacity, warn);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            warn(Refusal(folder, exception));
            return new NoPreparedFaces();
        }
    }

    public bool TryReadFace(int source, Span<byte> face) => TryRead(_faces, source, 0, face);

    public bool TryReadLatents(int source, Span<float> latents) => TryRead(_latents, source, _layout.FaceSize, MemoryMarshal.AsBytes(latents));

    public void KeepFace(int source, ReadOnlySpan<byte> face) => Keep(_faces, source, 0, face);

    public void KeepLatents(int source, ReadOnlySpan<float> latents) => Keep(_latents, source, _layout.FaceSize, MemoryMarshal.AsBytes(latents));

    public void Dispose() => _file.Dispose();

    private static string Refusal(string folder, Exception exception) =>
        $"'{MediaPath.Show(folder)}' does not take the faces of frames that are shown again ({MediaPath.Show(exception.Message)}): they are cut and encoded anew each time";

    private bool TryRead(int[] kept, int source, int offset, Span<byte> destination)
    {
        int slot = source % kept.Length;
        if (kept[slot] != source)
        {
            return false;
        }

        long position = ((long)slot * _layout.RecordSize) + offset;
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, destination, position);
            if (read == 0)
            {
                return false;
            }

            destination = destination[read..];
            position += read;
        }

        return true;
    }

    private void Keep(int[] kept, int source, int offset, ReadOnlySpan<byte> values)
    {
        if (_full)
        {
            return;
        }

        int slot = source % kept.Length;
        kept[slot] = Empty;
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, values, ((long)slot * _layout.RecordSize) + offset);
            kept[slot] = source;
        }
        catch (IOException exception)
        {
            // What is kept already still serves.
            _full = true;
            _warn(Refusal(Path.GetDirectoryName(_file.Name)!, exception));
        }
    }
}
