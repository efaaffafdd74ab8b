namespace LatentSync.Models.Onnx;

/// <summary>A constant argument of a node.</summary>
/// <param name="Name">The operator's name for it.</param>
/// <param name="Value">A <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, <c>long[]</c> or <c>float[]</c>.</param>
public sealed record OnnxAttribute(string Name, object Value);
