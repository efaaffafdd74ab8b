using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Costs;

/// <summary>
/// The bytes that a graph's operators read and write if each goes to memory and nothing is fused: an upper bound, for comparing forms of one network.
/// Operators that only look at values in another shape, and arithmetic on shapes, cost nothing.
/// </summary>
public static class MemoryTraffic
{
    /// <summary>Counts, weights included.</summary>
    /// <param name="graph">The network; its weights are not read.</param>
    /// <param name="inputs">Extents of each of its inputs, see <see cref="GraphShapes.Inputs"/>.</param>
    /// <exception cref="LatentSyncException">The shapes cannot be worked out, see <see cref="GraphShapes.Infer"/>.</exception>
    public static long CountBytes(OnnxGraph graph, IReadOnlyDictionary<string, IReadOnlyList<long>> inputs)
    {
        long elements = 0;
        GraphShapes.Walk(graph, inputs, (node, shaped, outputs) =>
        {
            if (node.OperatorType is not ("Shape" or "Reshape" or "Identity" or "Squeeze" or "Unsqueeze") && outputs[0].Integers is null)
            {
                elements += outputs.Sum(output => output.Count);
                for (int i = 0; i < node.Inputs.Count; i++)
                {
                    elements += shaped.OptionalInput(i)?.Count ?? 0;
                }
            }
        });
        return elements * sizeof(float);
    }
}
