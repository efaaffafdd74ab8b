using System.Runtime.InteropServices;
using LatentSync.Runtime;

namespace LatentSync.Models.Onnx;

/// <summary>
/// The elements of an initializer, produced in windows when the graph is written, so that a network larger than memory passes through.
/// </summary>
public abstract class TensorSource
{
    /// <summary>Creates the source.</summary>
    /// <param name="elementType">Element type.</param>
    /// <param name="elementCount">Number of elements.</param>
    protected TensorSource(OnnxElementType elementType, long elementCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementCount);
        ElementType = elementType;
        ElementCount = elementCount;
    }

    /// <summary>Element type.</summary>
    public OnnxElementType ElementType { get; }

    /// <summary>Number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>Produces consecutive elements, little-endian. Windows are asked for in order, each once; any order must work.</summary>
    /// <param name="elementOffset">First element.</param>
    /// <param name="destination">A whole number of elements within the source.</param>
    /// <exception cref="LatentSyncException">The checkpoint behind it cannot be read.</exception>
    public abstract void Read(long elementOffset, Span<byte> destination);

    /// <summary>All elements of a small float32 source.</summary>
    /// <exception cref="InvalidOperationException">The source has another element type.</exception>
    /// <exception cref="LatentSyncException">The checkpoint behind it cannot be read.</exception>
    public float[] ReadAll()
    {
        if (ElementType != OnnxElementType.Float)
        {
            throw new InvalidOperationException($"a source of {ElementType} cannot be read as float32");
        }

        float[] values = new float[ElementCount];
        Read(0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
