using System.Buffers;
using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>A float32 source as bfloat16, the upper 16 bits of each number rounded to nearest, ties to even; NaN stays NaN.</summary>
internal sealed class BFloat16Source(TensorSource source) : TensorSource(OnnxElementType.BFloat16, source.ElementCount)
{
    private const int PieceLength = 1 << 14;

    /// <summary>Rounds the bits of a float32 number.</summary>
    public static ushort FromBits(uint bits) => (bits & 0x7FFFFFFF) > 0x7F800000
        ? (ushort)((bits >> 16) | 0x40)
        : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        Span<ushort> results = MemoryMarshal.Cast<byte, ushort>(destination);
        uint[] piece = ArrayPool<uint>.Shared.Rent(PieceLength);
        try
        {
            while (!results.IsEmpty)
            {
                Span<uint> bits = piece.AsSpan(0, Math.Min(PieceLength, results.Length));
                source.Read(elementOffset, MemoryMarshal.AsBytes(bits));
                for (int i = 0; i < bits.Length; i++)
                {
                    results[i] = FromBits(bits[i]);
                }

                results = results[bits.Length..];
                elementOffset += bits.Length;
            }
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(piece);
        }
    }
}
