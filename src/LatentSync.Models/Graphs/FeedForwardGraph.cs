using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>The gated feed-forward of the transformers (GEGLU): linear to 8C, first half times the exact GELU of the second, linear back.</summary>
internal static class FeedForwardGraph
{
    /// <summary>On rows [T, C]. The two halves are two layers over slices of one weight, which saves splitting the widest value of the block.</summary>
    public static string Build(GraphAssembler graph, StateDict weights, string module, string x, int width)
    {
        int inner = 4 * width;
        string projection = module + ".net.0.proj";
        string value = Half(0, "value"), gate = Half(inner, "gate");
        string gated = graph.Mul(projection + "/gated", value, graph.Gelu(projection + "/gelu", gate));
        return graph.Linear(weights, module + ".net.2", gated, inner, width);

        string Half(long first, string part)
        {
            TensorSource weight = weights.TakeRows(projection + ".weight", first, inner, 2 * inner, width);
            TensorSource bias = weights.TakeRows(projection + ".bias", first, inner, 2 * inner);
            return graph.Linear($"{projection}/{part}", x, weight, bias, width, inner);
        }
    }
}
