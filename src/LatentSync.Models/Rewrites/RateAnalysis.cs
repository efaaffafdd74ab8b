using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>How often each value of a UNet has to be computed, from how often its inputs change.</summary>
internal sealed class RateAnalysis
{
    private readonly Dictionary<string, TensorRate> _rates = new(StringComparer.Ordinal);

    /// <param name="graph">The UNet.</param>
    /// <param name="scheduled">Whether what depends on the timestep alone counts as the schedule's, or as every step's.</param>
    /// <param name="chunked">Whether what depends on speech and conditioning alone counts as the chunk's, or as every step's.</param>
    public RateAnalysis(OnnxGraph graph, bool scheduled, bool chunked)
    {
        HashSet<string> inputs = [.. graph.Inputs.Select(input => input.Name)];
        foreach (string input in inputs)
        {
            _rates.Add(input, input switch
            {
                UNetValues.Timestep when scheduled => TensorRate.Schedule,
                UNetValues.EncoderHiddenStates or UNetValues.Conditioning when chunked => TensorRate.Chunk,
                _ => TensorRate.Step,
            });
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            TensorRate rate = Rate(node, inputs);
            foreach (string output in node.Outputs)
            {
                _rates[output] = rate;
            }
        }

        ReturnToSteps(graph);
    }

    public TensorRate this[string value] => _rates.GetValueOrDefault(value, TensorRate.Constant);

    public TensorRate this[OnnxNode node] => this[node.Outputs[0]];

    /// <summary>Whether a node multiplies by a matrix.</summary>
    public static bool IsProduct(OnnxNode node) => node.OperatorType is "Gemm" or "MatMul";

    // An input's extents are known before anything runs; those of other values only once they are computed.
    private TensorRate Rate(OnnxNode node, HashSet<string> inputs) => node.OperatorType == "Shape"
        ? inputs.Contains(node.Inputs[0]) ? TensorRate.Constant : TensorRate.Step
        : node.Inputs.Select(input => this[input]).Aggregate(TensorRate.Constant, Join);

    private static TensorRate Join(TensorRate a, TensorRate b) =>
        a == b || b == TensorRate.Constant ? a : a == TensorRate.Constant ? b : TensorRate.Step;

    // What the schedule's last products are turned into is a few hundred numbers each: cheaper to compute again than to keep.
    private void ReturnToSteps(OnnxGraph graph)
    {
        HashSet<string> neededByProducts = new(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes.Reverse().Where(node => this[node] == TensorRate.Schedule))
        {
            if (IsProduct(node) || node.Outputs.Any(neededByProducts.Contains))
            {
                neededByProducts.UnionWith(node.Inputs);
                continue;
            }

            foreach (string output in node.Outputs)
            {
                _rates[output] = TensorRate.Step;
            }
        }
    }
}
