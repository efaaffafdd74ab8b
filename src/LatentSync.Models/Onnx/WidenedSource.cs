using System.Buffers;
using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>A source of float16 or bfloat16 elements as float32, exactly.</summary>
internal sealed class WidenedSource(TensorSource source) : TensorSource(OnnxElementType.Float, source.ElementCount)
{
    private const int PieceLength = 1 << 14;

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        Span<float> results = MemoryMarshal.Cast<byte, float>(destination);
        ushort[] piece = ArrayPool<ushort>.Shared.Rent(PieceLength);
        try
        {
            while (!results.IsEmpty)
            {
                Span<ushort> bits = piece.AsSpan(0, Math.Min(PieceLength, results.Length));
                source.Read(elementOffset, MemoryMarshal.AsBytes(bits));
                for (int i = 0; i < bits.Length; i++)
                {
                    results[i] = source.ElementType == OnnxElementType.BFloat16 ? BitConverter.UInt32BitsToSingle((uint)bits[i] << 16) : (float)BitConverter.UInt16BitsToHalf(bits[i]);
                }

                results = results[bits.Length..];
                elementOffset += bits.Length;
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(piece);
        }
    }
}
