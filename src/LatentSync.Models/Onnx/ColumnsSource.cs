namespace LatentSync.Models.Onnx;

/// <summary>Neighbouring columns of a matrix [rows, width]: of a convolution's weight, some of its input channels.</summary>
internal sealed class ColumnsSource(TensorSource source, int width, int first, int count)
    : TensorSource(source.ElementType, source.ElementCount / width * count)
{
    public override void Read(long elementOffset, Span<byte> destination)
    {
        int size = ElementType.SizeInBytes();
        (long row, long column) = Math.DivRem(elementOffset, count);
        while (!destination.IsEmpty)
        {
            int bytes = Math.Min(destination.Length, (int)(count - column) * size);
            source.Read((row * width) + first + column, destination[..bytes]);
            destination = destination[bytes..];
            (row, column) = (row + 1, 0);
        }
    }
}
