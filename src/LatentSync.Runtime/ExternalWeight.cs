namespace LatentSync.Runtime;

/// <summary>A constant of a model that lies in a data file.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">ONNX's number of its element type (<c>TensorProto.DataType</c>).</param>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="FileName">The file, beside the model's other data files.</param>
/// <param name="OffsetInBytes">Where its elements begin there.</param>
/// <param name="SizeInBytes">How many bytes they take.</param>
public sealed record ExternalWeight(string Name, int ElementType, IReadOnlyList<long> Shape, string FileName, long OffsetInBytes, long SizeInBytes);
