namespace LatentSync.Runtime;

/// <summary>A dense row-major float32 tensor in host memory: the currency between stages and inference engines.</summary>
public sealed class Tensor
{
    private readonly long[] _shape;

    /// <summary>Wraps existing memory; nothing is copied.</summary>
    /// <param name="data">Row-major elements; exactly as many as the shape holds.</param>
    /// <param name="shape">Extent of each dimension, outermost first.</param>
    /// <exception cref="ArgumentException">The data's length is not the product of the shape, or an extent is negative.</exception>
    public Tensor(Memory<float> data, params ReadOnlySpan<long> shape)
    {
        long count = ElementCount(shape);
        if (count != data.Length)
        {
            throw new ArgumentException($"shape [{string.Join(',', shape.ToArray())}] holds {count} elements, the data {data.Length}");
        }

        Data = data;
        _shape = shape.ToArray();
    }

    /// <summary>Row-major elements.</summary>
    public Memory<float> Data { get; }

    /// <summary>Extent of each dimension, outermost first.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Number of elements.</summary>
    public int Length => Data.Length;

    /// <summary>The elements as a span.</summary>
    public Span<float> Span => Data.Span;

    /// <summary>A new tensor of zeros.</summary>
    /// <param name="shape">Extent of each dimension, outermost first.</param>
    public static Tensor Zeros(params ReadOnlySpan<long> shape) => new(new float[ElementCount(shape)], shape);

    /// <summary>The same memory seen with another shape of equal size.</summary>
    /// <param name="shape">The new shape.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public Tensor Reshape(params ReadOnlySpan<long> shape) => new(Data, shape);

    private static long ElementCount(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long extent in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent);
            count = checked(count * extent);
        }

        return count;
    }
}
