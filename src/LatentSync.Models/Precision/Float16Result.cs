using LatentSync.Models.Onnx;

namespace LatentSync.Models.Precision;

/// <summary>A network in half precision.</summary>
/// <param name="Graph">The network; its constants are rounded when it is written, from the sources of the network that it was made of.</param>
/// <param name="Report">What was done.</param>
public sealed record Float16Result(OnnxGraph Graph, Float16Report Report);
