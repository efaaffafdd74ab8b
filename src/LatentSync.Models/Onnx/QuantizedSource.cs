using System.Buffers;
using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>
/// A float32 weight as 8-bit numbers, symmetric about 0: each row of the outermost dimension divided by its scale and rounded to nearest, ties to even, as
/// QuantizeLinear rounds. One scale serves for all rows or each row has its own.
/// </summary>
/// <param name="source">Float32 elements, rows after one another.</param>
/// <param name="scales">One scale, or one for each row.</param>
/// <param name="type">Int8 or Float8E4M3FN.</param>
internal sealed class QuantizedSource(TensorSource source, float[] scales, OnnxElementType type) : TensorSource(type, source.ElementCount)
{
    private const int PieceLength = 1 << 14;

    private readonly long _rowLength = Math.Max(1, source.ElementCount / scales.Length);

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        float[] piece = ArrayPool<float>.Shared.Rent(PieceLength);
        try
        {
            while (!destination.IsEmpty)
            {
                (long row, long column) = Math.DivRem(elementOffset, _rowLength);
                int count = (int)Math.Min(Math.Min(PieceLength, destination.Length), _rowLength - column);
                Span<float> values = piece.AsSpan(0, count);
                source.Read(elementOffset, MemoryMarshal.AsBytes(values));
                Quantize(values, scales[row], destination[..count]);
                destination = destination[count..];
                elementOffset += count;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(piece);
        }
    }

    private void Quantize(ReadOnlySpan<float> values, float scale, Span<byte> codes)
    {
        if (ElementType == OnnxElementType.Float8E4M3FN)
        {
            for (int i = 0; i < values.Length; i++)
            {
                codes[i] = Float8.FromSingle(values[i] / scale);
            }

            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = (byte)(sbyte)Math.Clamp(MathF.Round(values[i] / scale, MidpointRounding.ToEven), -sbyte.MaxValue, sbyte.MaxValue);
        }
    }
}
