using LatentSync.Models.Onnx;

namespace LatentSync.Models.Precision.Emulation;

/// <summary>
/// A network of float16, bfloat16 or 8-bit floats as one that ONNX Runtime's CPU path computes with results of those types: that path runs such operators in
/// float32 and keeps their exact results between them, or does not run them at all. Here all arithmetic is float32, weights are the rounded ones, and every
/// result of a 16-bit operator goes through a Cast to its type and back, which sessions keep. Sums inside an operator stay float32, as tensor cores accumulate.
/// Q/DQ pairs round by themselves and stay as they are. For measuring what a precision costs in quality; says nothing about speed.
/// </summary>
public static class RoundingEmulation
{
    /// <summary>Makes the network.</summary>
    /// <param name="graph">The result of <see cref="Float16Pass"/>, <see cref="BFloat16Pass"/> or a quantization.</param>
    /// <exception cref="Runtime.LatentSyncException">The types of the network's values cannot be worked out.</exception>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        GraphTypes types = GraphTypes.Infer(graph, graph.Name);
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            string output = node.Outputs[0];
            bool reduced = IsReduced(types[output]);
            if (node.OperatorType == "Cast" && reduced)
            {
                nodes.AddRange(Round(node.Inputs[0], output, types[output]));
            }
            else if (node.OperatorType == "Cast" && types[output] == OnnxElementType.Float && IsReduced(types[node.Inputs[0]]))
            {
                nodes.Add(node with { OperatorType = "Identity", Attributes = [] });
            }
            else if (reduced && OperatorTable.Find(node.OperatorType)!.Role != OperatorRole.Movement)
            {
                nodes.Add(node with { Outputs = [output + "/exact"] });
                nodes.AddRange(Round(output + "/exact", output, types[output]));
            }
            else
            {
                nodes.Add(node);
            }
        }

        return graph with { Name = graph.Name + "_emulated", Nodes = nodes, Initializers = [.. graph.Initializers.Select(Widen)] };
    }

    private static OnnxNode[] Round(string value, string result, OnnxElementType type) =>
    [
        Cast(value, result + "/rounded", type),
        Cast(result + "/rounded", result, OnnxElementType.Float),
    ];

    private static OnnxNode Cast(string value, string result, OnnxElementType type) =>
        new("Cast", result + "/cast", [value], [result], [new OnnxAttribute("to", (long)type)]);

    private static OnnxInitializer Widen(OnnxInitializer initializer) =>
        IsReduced(initializer.ElementType) ? initializer with { Source = new WidenedSource(initializer.Source) } : initializer;

    private static bool IsReduced(OnnxElementType type) => type is OnnxElementType.Float16 or OnnxElementType.BFloat16;
}
