using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>Drops what no output needs: nodes, constants, and inputs that nothing reads any more.</summary>
internal static class GraphPruning
{
    public static OnnxGraph Prune(OnnxGraph graph)
    {
        HashSet<string> needed = [.. graph.Outputs.Select(output => output.Name)];
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            if (node.Outputs.Any(needed.Contains))
            {
                nodes.Add(node);
                needed.UnionWith(node.Inputs);
            }
        }

        nodes.Reverse();
        return graph with
        {
            Nodes = nodes,
            Inputs = [.. graph.Inputs.Where(input => needed.Contains(input.Name))],
            Initializers = [.. graph.Initializers.Where(initializer => needed.Contains(initializer.Name))],
        };
    }
}
