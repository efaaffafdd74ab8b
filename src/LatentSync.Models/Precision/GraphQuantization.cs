using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Precision;

/// <summary>Tells whether a network carries its own quantization (Q/DQ nodes).</summary>
public static class GraphQuantization
{
    /// <summary>The kinds of numbers that the network's Q/DQ nodes make and read.</summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="LatentSyncException">The network has an operator or types that are not known.</exception>
    public static QuantizedKinds Find(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Find(graph, graph.Name);
    }

    /// <summary>The same for a graph that errors shall call by its file.</summary>
    internal static QuantizedKinds Find(OnnxGraph graph, string source)
    {
        OnnxNode[] nodes = [.. graph.Nodes.Where(node => node.OperatorType is "QuantizeLinear" or "DequantizeLinear")];
        if (nodes.Length == 0)
        {
            return QuantizedKinds.None;
        }

        GraphTypes types = GraphTypes.Infer(graph, source);
        return nodes.Aggregate(QuantizedKinds.None, (kinds, node) => kinds | Kind(types[node.OperatorType == "QuantizeLinear" ? node.Outputs[0] : node.Inputs[0]]));
    }

    private static QuantizedKinds Kind(OnnxElementType type) => type switch
    {
        OnnxElementType.Int8 => QuantizedKinds.Int8,
        OnnxElementType.Float8E4M3FN => QuantizedKinds.Float8,
        _ => QuantizedKinds.Other,
    };
}
