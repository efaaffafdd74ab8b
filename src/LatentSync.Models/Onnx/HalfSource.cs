using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>A float32 source in half precision, rounded to nearest, ties to even; beyond 65,520 it becomes infinite, so look at the range first.</summary>
public sealed class HalfSource : TensorSource
{
    // Converted in pieces that stay in the processor's cache.
    private const int PieceLength = 1 << 14;

    private readonly TensorSource _source;

    /// <summary>Rounds each element when it is read.</summary>
    /// <param name="source">Float32 elements.</param>
    /// <exception cref="ArgumentException">The source has another element type.</exception>
    public HalfSource(TensorSource source)
        : base(OnnxElementType.Float16, source?.ElementCount ?? throw new ArgumentNullException(nameof(source)))
    {
        if (source.ElementType != OnnxElementType.Float)
        {
            throw new ArgumentException($"a source of {source.ElementType} is not float32", nameof(source));
        }

        _source = source;
    }

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        Span<Half> halves = MemoryMarshal.Cast<byte, Half>(destination);
        float[] piece = ArrayPool<float>.Shared.Rent(PieceLength);
        try
        {
            while (!halves.IsEmpty)
            {
                Span<float> values = piece.AsSpan(0, Math.Min(PieceLength, halves.Length));
                _source.Read(elementOffset, MemoryMarshal.AsBytes(values));
                TensorPrimitives.ConvertToHalf(values, halves);
                halves = halves[values.Length..];
                elementOffset += values.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(piece);
        }
    }
}
