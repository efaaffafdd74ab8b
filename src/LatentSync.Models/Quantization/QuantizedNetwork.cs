using LatentSync.Models.Onnx;

namespace LatentSync.Models.Quantization;

/// <summary>A network that a recipe was applied to.</summary>
/// <param name="Graph">The network; its weights are rounded when it is written, from the sources of the network that it was made of.</param>
/// <param name="Report">What was done.</param>
public sealed record QuantizedNetwork(OnnxGraph Graph, QuantizationReport Report);
