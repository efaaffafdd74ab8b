namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// Where a tensor's elements lie in the file: its axes without those of one element, neighbours joined where they lie one
/// behind the other. One axis of stride 1 (or none) means contiguous.
/// </summary>
internal sealed class TensorView
{
    public TensorView(long byteOffset, int elementSize, IReadOnlyList<long> shape, IReadOnlyList<long> strides)
    {
        ByteOffset = byteOffset;
        ElementSize = elementSize;
        List<Axis> axes = [];
        for (int i = 0; i < shape.Count; i++)
        {
            if (shape[i] == 1)
            {
                continue;
            }

            if (axes.Count > 0 && (Int128)strides[i] * shape[i] == axes[^1].Stride)
            {
                axes[^1] = new Axis(axes[^1].Extent * shape[i], strides[i]);
            }
            else
            {
                axes.Add(new Axis(shape[i], strides[i]));
            }
        }

        Axes = [.. axes];
    }

    /// <summary>The first element's place in the file.</summary>
    public long ByteOffset { get; }

    public int ElementSize { get; }

    /// <summary>Axes, outermost first.</summary>
    public Axis[] Axes { get; }

    public bool IsContiguous => Axes.Length == 0 || (Axes.Length == 1 && Axes[0].Stride == 1);

    /// <summary>An axis: how many elements, and how many elements apart they lie in the file.</summary>
    internal readonly record struct Axis(long Extent, long Stride);
}
