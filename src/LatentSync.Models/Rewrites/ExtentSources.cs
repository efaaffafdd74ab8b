using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>Reads extents from an input that is there anyway, so that none is left that only its shape is asked of.</summary>
internal static class ExtentSources
{
    public static OnnxGraph Narrow(OnnxGraph graph)
    {
        HashSet<string> read = [.. graph.Nodes.Where(node => node.OperatorType != "Shape").SelectMany(node => node.Inputs)];
        OnnxValueInfo[] kept = [.. graph.Inputs.Where(input => read.Contains(input.Name))];
        Dictionary<string, OnnxValueInfo> dropped = graph.Inputs.Where(input => !read.Contains(input.Name)).ToDictionary(input => input.Name, StringComparer.Ordinal);
        OnnxNode[] nodes = [.. graph.Nodes.Select(node => node.OperatorType == "Shape" && dropped.TryGetValue(node.Inputs[0], out OnnxValueInfo? source) ? Elsewhere(node, source, kept) ?? node : node)];
        return GraphPruning.Prune(graph with { Nodes = nodes });
    }

    // Extents start to end of the source, where some kept input has the same ones beside each other.
    private static OnnxNode? Elsewhere(OnnxNode node, OnnxValueInfo source, OnnxValueInfo[] kept)
    {
        int start = (int)node.Integer("start", 0), end = (int)node.Integer("end", source.Shape.Count);
        OnnxDimension[] wanted = [.. source.Shape.Skip(start).Take(end - start)];
        foreach (OnnxValueInfo input in kept)
        {
            for (int i = 0; i + wanted.Length <= input.Shape.Count; i++)
            {
                if (input.Shape.Skip(i).Take(wanted.Length).SequenceEqual(wanted))
                {
                    return node with
                    {
                        Inputs = [input.Name],
                        Attributes = [new OnnxAttribute("start", (long)i), new OnnxAttribute("end", (long)(i + wanted.Length))],
                    };
                }
            }
        }

        return null;
    }
}
