namespace LatentSync.Models.Onnx;

/// <summary>One extent of a graph's input or output: a number, or a symbol that stands for any number.</summary>
/// <param name="Value">The extent, -1 if it is a symbol.</param>
/// <param name="Symbol">The symbol, or null.</param>
public readonly record struct OnnxDimension(long Value, string? Symbol)
{
    /// <summary>A fixed extent.</summary>
    /// <param name="value">The extent.</param>
    public static implicit operator OnnxDimension(long value) => new(value, null);

    /// <summary>A dynamic extent.</summary>
    /// <param name="symbol">Its name, such as <c>batch</c>; equal names mean equal extents.</param>
    public static implicit operator OnnxDimension(string symbol) => new(-1, symbol);

    /// <inheritdoc/>
    public override string ToString() => Symbol ?? Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
