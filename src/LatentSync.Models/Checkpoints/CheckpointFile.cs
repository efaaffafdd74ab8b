using System.Buffers;
using System.Runtime.InteropServices;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints;

/// <summary>What every checkpoint reader needs: opening, range checks, widening, and errors that name the file.</summary>
internal static class CheckpointFile
{
    // Window for widening: large enough for disk speed, small enough not to count in memory.
    private const int WindowInBytes = 1 << 20;

    public static FileStream OpenRead(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                throw new LatentSyncException(LatentSyncError.Model, Directory.Exists(path)
                    ? $"{path}: it is a folder, a checkpoint file was expected"
                    : $"{path}: there is no such file; check the path");
            }

            // Asked before opening: pipes and devices have no length either, and opening a pipe would wait for a writer.
            if (file.Length == 0)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{path}: the file is empty; download it again");
            }

            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be opened ({exception.Message}); check the path and its permissions", exception);
        }
    }

    public static LatentSyncException Damaged(string path, string reason, Exception? inner = null) =>
        new(LatentSyncError.Model, $"{path}: {reason}; the file is damaged or not a checkpoint, download it again", inner);

    /// <summary>A name from a file made fit for an error message: one line, quoted, of bounded length.</summary>
    public static string Quote(string? name)
    {
        const int Limit = 120;
        string text = name ?? string.Empty;
        string shown = text.Length > Limit ? string.Concat(text.AsSpan(0, Limit), "...") : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c))}'";
    }

    public static CheckpointTensor Find(ICheckpoint checkpoint, string name) =>
        checkpoint.Tensors.TryGetValue(name, out CheckpointTensor? tensor)
            ? tensor
            : throw new LatentSyncException(LatentSyncError.Model, $"{checkpoint.Path}: it has no tensor {Quote(name)}; is it the right checkpoint for this configuration?");

    public static void CheckRange(CheckpointTensor tensor, long elementOffset, int lengthInBytes)
    {
        int size = tensor.DType.SizeInBytes();
        if (elementOffset < 0 || lengthInBytes % size != 0 || lengthInBytes / size > tensor.ElementCount - elementOffset)
        {
            throw new ArgumentOutOfRangeException(nameof(elementOffset), $"'{tensor.Name}' has {tensor.ElementCount} elements");
        }
    }

    public static void ReadExactly(FileStream stream, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read;
            try
            {
                read = RandomAccess.Read(stream.SafeFileHandle, destination, offset);
            }
            catch (IOException exception)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{stream.Name}: cannot be read ({exception.Message}); check the disk", exception);
            }

            if (read == 0)
            {
                throw Damaged(stream.Name, "it ends early");
            }

            destination = destination[read..];
            offset += read;
        }
    }

    public static void ReadFloat32(ICheckpoint checkpoint, string name, long elementOffset, Span<float> destination)
    {
        CheckpointTensor tensor = Find(checkpoint, name);
        if (tensor.DType == CheckpointDType.Float32)
        {
            checkpoint.Read(name, elementOffset, MemoryMarshal.AsBytes(destination));
            return;
        }

        int size = tensor.DType.SizeInBytes();
        byte[] window = ArrayPool<byte>.Shared.Rent(Math.Min(WindowInBytes, checked(destination.Length * size)));
        try
        {
            while (!destination.IsEmpty)
            {
                int count = Math.Min(destination.Length, window.Length / size);
                Span<byte> bytes = window.AsSpan(0, count * size);
                checkpoint.Read(name, elementOffset, bytes);
                ElementWidening.ToSingle(tensor.DType, bytes, destination[..count]);
                destination = destination[count..];
                elementOffset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }
}
