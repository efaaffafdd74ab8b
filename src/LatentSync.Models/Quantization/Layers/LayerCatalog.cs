using LatentSync.Models.Onnx;

namespace LatentSync.Models.Quantization.Layers;

/// <summary>Finds the layers of a network that quantization can change.</summary>
internal static class LayerCatalog
{
    private static readonly string[] s_projections = [".to_q", ".to_k", ".to_v", ".query", ".key", ".value"];
    private static readonly string[] s_feedForward = [".ff.", ".mlp."];

    /// <summary>The layers in the graph's order. A network that is quantized already has none: its weights are no float32 constants.</summary>
    public static IReadOnlyList<QuantizableLayer> Find(OnnxGraph graph)
    {
        Dictionary<string, OnnxInitializer> constants = graph.Initializers
            .Where(initializer => initializer.ElementType == OnnxElementType.Float)
            .ToDictionary(initializer => initializer.Name, StringComparer.Ordinal);
        return [.. graph.Nodes.Select(node => ToLayer(node, constants)).OfType<QuantizableLayer>()];
    }

    private static QuantizableLayer? ToLayer(OnnxNode node, Dictionary<string, OnnxInitializer> constants)
    {
        if (node.Inputs.Count < 2 || node.Outputs.Count != 1 || !constants.TryGetValue(node.Inputs[1], out OnnxInitializer? weight))
        {
            return null;
        }

        // The builders' own forms; a Gemm that scales or transposes its input would need other arithmetic.
        bool known = node.OperatorType == "Conv" ? weight.Shape.Count >= 3
            : node.OperatorType == "Gemm" && weight.Shape.Count == 2 && node.Integer("transB", 0) == 1 && node.Integer("transA", 0) == 0
                && node.Attribute("alpha") is (null or 1f) && node.Attribute("beta") is (null or 1f);
        string name = node.Name.Split('/')[0];
        return known ? new QuantizableLayer(name, Kind(node, name), node, weight) : null;
    }

    private static LayerKind Kind(OnnxNode node, string name) =>
        node.OperatorType == "Conv" ? LayerKind.Convolution
        : s_feedForward.Any(part => name.Contains(part, StringComparison.Ordinal)) ? LayerKind.FeedForward
        : s_projections.Any(end => name.EndsWith(end, StringComparison.Ordinal)) ? LayerKind.AttentionProjection
        : LayerKind.OtherLinear;
}
