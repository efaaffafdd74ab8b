using LatentSync.Runtime;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Models.Onnx;

/// <summary>Elements that lie in a file of weights beside a model, read where and when they are asked for.</summary>
internal sealed class DataFileSource(SafeFileHandle file, string path, long offsetInBytes, OnnxElementType elementType, long elementCount)
    : TensorSource(elementType, elementCount)
{
    /// <summary>The file.</summary>
    public string FilePath => path;

    /// <summary>Where the elements begin in it.</summary>
    public long OffsetInBytes => offsetInBytes;

    public override void Read(long elementOffset, Span<byte> destination)
    {
        long position = offsetInBytes + (elementOffset * ElementType.SizeInBytes());
        while (!destination.IsEmpty)
        {
            int count = ReadAt(position, destination);
            destination = destination[count..];
            position += count;
        }
    }

    private int ReadAt(long position, Span<byte> destination)
    {
        try
        {
            int count = RandomAccess.Read(file, destination, position);
            return count > 0 ? count : throw new EndOfStreamException($"it ends at byte {position}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: the weights cannot be read ({exception.Message}); import the checkpoints again", exception);
        }
    }
}
