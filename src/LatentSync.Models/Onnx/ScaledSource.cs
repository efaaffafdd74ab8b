using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>A float32 source times one factor, or times a row of factors repeated for each row: folds a scale into the weights that follow it.</summary>
public sealed class ScaledSource : TensorSource
{
    private readonly TensorSource _source;
    private readonly TensorSource _factors;
    private float[]? _row;

    /// <summary>Multiplies element i by factor i modulo the number of factors.</summary>
    /// <param name="source">Float32 elements.</param>
    /// <param name="factors">Float32 factors, few enough to be held in memory.</param>
    public ScaledSource(TensorSource source, TensorSource factors)
        : base(OnnxElementType.Float, source?.ElementCount ?? throw new ArgumentNullException(nameof(source)))
    {
        ArgumentNullException.ThrowIfNull(factors);
        _source = source;
        _factors = factors;
    }

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        _source.Read(elementOffset, destination);
        _row ??= _factors.ReadAll();
        Span<float> values = MemoryMarshal.Cast<byte, float>(destination);
        if (_row.Length == 1)
        {
            TensorPrimitives.Multiply(values, _row[0], values);
            return;
        }

        int column = (int)(elementOffset % _row.Length);
        while (!values.IsEmpty)
        {
            int count = Math.Min(values.Length, _row.Length - column);
            TensorPrimitives.Multiply(values[..count], _row.AsSpan(column, count), values[..count]);
            values = values[count..];
            column = 0;
        }
    }
}
