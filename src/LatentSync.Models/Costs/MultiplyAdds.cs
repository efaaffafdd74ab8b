using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Costs;

/// <summary>
/// The multiply-adds of a graph's convolutions and matrix products, counted from the graph for given inputs. Biases, normalisations and other
/// element-wise work are left out, as is usual; of a padded convolution every tap counts.
/// </summary>
public sealed record MultiplyAdds
{
    private MultiplyAdds(IReadOnlyDictionary<string, long> byNode, IReadOnlyDictionary<string, long> byOperator) => (ByNode, ByOperator) = (byNode, byOperator);

    /// <summary>All of them.</summary>
    public long Total => ByOperator.Values.Sum();

    /// <summary>By the node's name; nodes without any are left out.</summary>
    public IReadOnlyDictionary<string, long> ByNode { get; }

    /// <summary>By operator: <c>Conv</c>, <c>Gemm</c>, <c>MatMul</c>, <c>MatMulInteger</c>.</summary>
    public IReadOnlyDictionary<string, long> ByOperator { get; }

    /// <summary>Counts.</summary>
    /// <param name="graph">The network; its weights are not read.</param>
    /// <param name="inputs">Extents of each of its inputs, see <see cref="GraphShapes.Inputs"/>.</param>
    /// <exception cref="LatentSyncException">The shapes cannot be worked out, see <see cref="GraphShapes.Infer"/>.</exception>
    public static MultiplyAdds Count(OnnxGraph graph, IReadOnlyDictionary<string, IReadOnlyList<long>> inputs)
    {
        Dictionary<string, long> byNode = new(StringComparer.Ordinal), byOperator = new(StringComparer.Ordinal);
        GraphShapes.Walk(graph, inputs, (node, shaped, outputs) =>
        {
            long count = Of(shaped, outputs);
            if (count > 0)
            {
                byNode.Add(node.Name, count);
                byOperator[node.OperatorType] = byOperator.GetValueOrDefault(node.OperatorType) + count;
            }
        });
        return new MultiplyAdds(byNode, byOperator);
    }

    private static long Of(ShapedNode node, ShapedValue[] outputs) => node.OperatorType switch
    {
        // Each output sums over the weight's [input channels of the group, kernel...].
        "Conv" => outputs[0].Count * ShapedValue.Product(node.Input(1).Shape.AsSpan(1)),
        "MatMul" or "MatMulInteger" => outputs[0].Count * node.Input(0).Shape[^1],
        "Gemm" => outputs[0].Count * node.Input(0).Shape[node.Integer("transA", 0) == 0 ? 1 : 0],
        _ => 0,
    };
}
