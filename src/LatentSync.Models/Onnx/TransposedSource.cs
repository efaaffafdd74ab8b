namespace LatentSync.Models.Onnx;

/// <summary>
/// A matrix [rows, columns] as [columns, rows]. The source is read whole when the first element is asked for and let go of with the last, so that of a network's
/// matrices one at a time is in memory.
/// </summary>
internal sealed class TransposedSource(TensorSource source, int rows, int columns) : TensorSource(source.ElementType, source.ElementCount)
{
    private byte[]? _bytes;

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        int size = ElementType.SizeInBytes();
        byte[] bytes = _bytes ??= ReadWhole(size);
        int count = destination.Length / size;
        for (int i = 0; i < count; i++)
        {
            (long column, long row) = Math.DivRem(elementOffset + i, rows);
            bytes.AsSpan((int)((row * columns) + column) * size, size).CopyTo(destination[(i * size)..]);
        }

        if (elementOffset + count == ElementCount)
        {
            _bytes = null;
        }
    }

    private byte[] ReadWhole(int size)
    {
        byte[] bytes = new byte[checked(ElementCount * size)];
        source.Read(0, bytes);
        return bytes;
    }
}
