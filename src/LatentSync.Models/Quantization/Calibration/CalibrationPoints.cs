using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>The values of a network whose ranges are of use: what products read and make, and the sums between them.</summary>
internal static class CalibrationPoints
{
    private static readonly string[] s_products = ["Conv", "Gemm", "MatMul"];

    /// <summary>The values, each once, in the order in which they come to be.</summary>
    /// <exception cref="Runtime.LatentSyncException">The types of the network's values cannot be worked out.</exception>
    public static IReadOnlyList<string> Of(OnnxGraph graph, string source)
    {
        GraphTypes types = GraphTypes.Infer(graph, source);
        HashSet<string> constants = [.. graph.Initializers.Select(initializer => initializer.Name)];
        HashSet<string> wanted = new(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (s_products.Contains(node.OperatorType))
            {
                wanted.UnionWith(node.Inputs.Take(2).Where(input => input.Length > 0 && !constants.Contains(input)));
                wanted.UnionWith(node.Outputs);
            }
            else if (node.OperatorType == "Add")
            {
                wanted.UnionWith(node.Outputs);
            }
        }

        IEnumerable<string> values = graph.Inputs.Select(input => input.Name).Concat(graph.Nodes.SelectMany(node => node.Outputs));
        return [.. values.Where(value => wanted.Contains(value) && types[value] == OnnxElementType.Float)];
    }
}
