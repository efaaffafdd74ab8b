using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>Group norms whose statistics belong to one picture, as Reshape and InstanceNormalization: fast everywhere, and known to every runtime.</summary>
internal static class GroupNormGraph
{
    /// <summary>
    /// Normalises [N, C, H, W] over (channels of the group, H, W) without scale and shift; the result is [N, groups, C/groups*H, W].
    /// For callers whose next layer is linear: it swallows the scale and shift (<see cref="FoldInto"/>).
    /// </summary>
    public static string Normalize(GraphAssembler graph, string module, string x, int groups, double epsilon)
    {
        // The pattern [0, g, -1, 0] keeps N and W where they are, so no shape has to be computed at run time.
        string grouped = graph.Reshape(module + "/groups", x, 0, groups, -1, 0);
        return graph.Node("InstanceNormalization", module, [grouped, graph.Filled(1, groups), graph.Filled(0, groups)], new OnnxAttribute("epsilon", (float)epsilon));
    }

    /// <summary>Group norm, scale and shift, then SiLU, on [N, C, H, W].</summary>
    public static string NormalizeSilu(GraphAssembler graph, StateDict weights, string module, string x, int channels, int groups, double epsilon)
    {
        string normalized = graph.Reshape(module + "/channels", Normalize(graph, module, x, groups, epsilon), 0, channels, -1, 0);
        string scale = graph.Weight(module + ".weight", weights.Take(module + ".weight", channels), channels, 1, 1);
        string shift = graph.Weight(module + ".bias", weights.Take(module + ".bias", channels), channels, 1, 1);
        string scaled = graph.Add(module + "/shift", graph.Mul(module + "/scale", normalized, scale), shift);
        return graph.Silu(module, scaled);
    }

    /// <summary>A linear layer's weight [out, C] and bias with the scale and shift of the group norm before it folded in: exact but for rounding.</summary>
    public static (TensorSource Weight, TensorSource Bias) FoldInto(StateDict weights, string norm, int channels, TensorSource weight, TensorSource? bias) =>
        (new ScaledSource(weight, weights.Take(norm + ".weight", channels)),
        new FoldedBiasSource(weight, weights.Take(norm + ".bias", channels), bias));
}
