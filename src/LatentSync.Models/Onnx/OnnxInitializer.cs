namespace LatentSync.Models.Onnx;

/// <summary>A constant of a graph, its elements still where they come from.</summary>
/// <param name="Name">Its name, the checkpoint's key where it is one tensor of it.</param>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="Source">Its elements; as many as the shape holds.</param>
public sealed record OnnxInitializer(string Name, IReadOnlyList<long> Shape, TensorSource Source)
{
    /// <summary>Element type.</summary>
    public OnnxElementType ElementType => Source.ElementType;

    /// <summary>Bytes that the elements take.</summary>
    public long SizeInBytes => Source.ElementCount * ElementType.SizeInBytes();
}
