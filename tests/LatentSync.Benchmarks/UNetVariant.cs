using LatentSync.Models.Onnx;

namespace LatentSync.Benchmarks;

/// <summary>A graph that computes one guided step of the UNet.</summary>
/// <param name="Name">What it is, for the table.</param>
/// <param name="Graph">The network of the step.</param>
/// <param name="InputShapes">Extents of its inputs.</param>
internal sealed record UNetVariant(string Name, OnnxGraph Graph, IReadOnlyDictionary<string, IReadOnlyList<long>> InputShapes);
