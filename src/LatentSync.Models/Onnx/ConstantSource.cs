using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>Elements held in memory: shapes, axes and other small constants.</summary>
public sealed class ConstantSource : TensorSource
{
    private readonly byte[] _bytes;

    private ConstantSource(OnnxElementType type, byte[] bytes)
        : base(type, bytes.Length / type.SizeInBytes())
    {
        _bytes = bytes;
    }

    /// <summary>64-bit integers.</summary>
    /// <param name="values">The elements.</param>
    public static ConstantSource Of(ReadOnlySpan<long> values) => new(OnnxElementType.Int64, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Single-precision floats.</summary>
    /// <param name="values">The elements.</param>
    public static ConstantSource Of(ReadOnlySpan<float> values) => new(OnnxElementType.Float, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Elements as they lie in a file, little-endian; a whole number of them.</summary>
    internal static ConstantSource FromBytes(OnnxElementType type, byte[] bytes) => new(type, bytes);

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination) =>
        _bytes.AsSpan(checked((int)(elementOffset * ElementType.SizeInBytes())), destination.Length).CopyTo(destination);
}
