using System.Globalization;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Rewrites;

/// <summary>
/// DeepCache (Ma, Fang, Wang: "DeepCache: Accelerating Diffusion Models for Free", CVPR 2024), cut as its helper for diffusers cuts: every few steps the
/// whole network runs and keeps the features that enter one layer on the way up; the steps between run that layer and those outside it only.
/// </summary>
public static class DeepCacheCut
{
    /// <summary>The whole network, which also gives its deep features as the output <see cref="UNetValues.DeepFeatures"/>.</summary>
    /// <param name="graph">The UNet.</param>
    /// <param name="branch">The skip connection that is cut at, counted from the outermost: 0 keeps one layer on the way up, the cheapest.</param>
    /// <exception cref="LatentSyncException">There is no such branch.</exception>
    public static OnnxGraph Full(OnnxGraph graph, int branch)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string features = FindFeatures(graph, branch);
        OnnxNode copy = new("Identity", UNetValues.DeepFeatures + "/identity", [features], [UNetValues.DeepFeatures], []);
        return graph with { Nodes = [.. graph.Nodes, copy], Outputs = [.. graph.Outputs, Describe(graph)] };
    }

    /// <summary>The part that every step runs: the deep features are an input, and all that only they needed is gone.</summary>
    /// <param name="graph">The UNet.</param>
    /// <param name="branch">As for <see cref="Full"/>.</param>
    /// <exception cref="LatentSyncException">There is no such branch.</exception>
    public static OnnxGraph Shallow(OnnxGraph graph, int branch)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string features = FindFeatures(graph, branch);
        return GraphPruning.Prune(graph with
        {
            Name = graph.Name + "_shallow",
            Inputs = [.. graph.Inputs, Describe(graph)],
            Nodes = [.. graph.Nodes.Select(node => node with { Inputs = [.. node.Inputs.Select(input => input == features ? UNetValues.DeepFeatures : input)] })],
        });
    }

    // The helper counts branches over the layers of all up blocks, from the last back to the first.
    private static string FindFeatures(OnnxGraph graph, int branch)
    {
        OnnxNode[] skips = [.. graph.Nodes
            .Select(node => (Node: node, Position: Position(node)))
            .Where(skip => skip.Position is not null)
            .OrderByDescending(skip => skip.Position)
            .Select(skip => skip.Node)];
        return branch >= 0 && branch < skips.Length
            ? skips[branch].Inputs[0]
            : throw new LatentSyncException(LatentSyncError.Usage, $"--cache-branch {branch}: this UNet has the branches 0 to {skips.Length - 1}");
    }

    // Block and layer of the node up_blocks.BLOCK.resnets.LAYER/skip; null for any other.
    private static (int Block, int Layer)? Position(OnnxNode node) =>
        node is { OperatorType: "Concat", Inputs.Count: 2 }
        && node.Name.Split('.', '/') is ["up_blocks", string block, "resnets", string layer, "skip"]
        && int.TryParse(block, NumberStyles.None, CultureInfo.InvariantCulture, out int blockNumber)
        && int.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out int layerNumber)
            ? (blockNumber, layerNumber)
            : null;

    private static OnnxValueInfo Describe(OnnxGraph graph) =>
        new(UNetValues.DeepFeatures, graph.Outputs[0].ElementType, ["deep_pictures", "deep_channels", "deep_height", "deep_width"]);
}
