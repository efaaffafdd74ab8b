namespace LatentSync.Runtime;

/// <summary>A dense row-major float32 tensor in device memory, bound to a graph input or output by name.</summary>
/// <param name="Name">The graph's name for it.</param>
/// <param name="Shape">Extent of each dimension, outermost first.</param>
/// <param name="Data">Its elements.</param>
public sealed record DeviceTensor(string Name, IReadOnlyList<long> Shape, DeviceView<float> Data)
{
    /// <summary>Number of elements that the shape holds.</summary>
    public long Length => Shape.Aggregate(1L, (product, extent) => checked(product * extent));
}
