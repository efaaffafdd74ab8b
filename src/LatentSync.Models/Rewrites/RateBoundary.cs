using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;

namespace LatentSync.Models.Rewrites;

/// <summary>The values that are computed before a step and read in it.</summary>
internal sealed class RateBoundary
{
    public RateBoundary(OnnxGraph graph, RateAnalysis rates)
    {
        GraphTypes types = GraphTypes.Infer(graph, graph.Name);
        GraphIndex index = new(graph);
        HashSet<string> readInSteps = [.. graph.Nodes.Where(node => rates[node] == TensorRate.Step && node.OperatorType != "Shape").SelectMany(node => node.Inputs)];
        List<OnnxValueInfo> schedule = [], chunk = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string value in node.Outputs.Where(readInSteps.Contains))
            {
                if (rates[value] == TensorRate.Schedule)
                {
                    schedule.Add(new OnnxValueInfo(value, types[value], [1, Width(index, node)]));
                }
                else if (rates[value] == TensorRate.Chunk)
                {
                    chunk.Add(new OnnxValueInfo(value, types[value], Extents(index, node)));
                }
            }
        }

        (Schedule, Chunk) = (schedule, chunk);
        TimeTable = new OnnxValueInfo(UNetValues.TimeTable, schedule.Count > 0 ? schedule[0].ElementType : OnnxElementType.Float, [1, schedule.Sum(value => value.Shape[1].Value)]);
        if (schedule.Exists(value => value.ElementType != TimeTable.ElementType))
        {
            throw index.Refused("the projections of the time embedding have several element types");
        }
    }

    /// <summary>Rows <c>[1,n]</c> that depend on the timestep.</summary>
    public IReadOnlyList<OnnxValueInfo> Schedule { get; }

    /// <summary>Values that depend on speech and conditioning.</summary>
    public IReadOnlyList<OnnxValueInfo> Chunk { get; }

    /// <summary>All of <see cref="Schedule"/> side by side, <c>[1,N]</c>.</summary>
    public OnnxValueInfo TimeTable { get; }

    private static long Width(GraphIndex index, OnnxNode node)
    {
        bool transposed = node.Attribute("transB") is 1L;
        return node.OperatorType == "Gemm" && index.Constant(node.Inputs[1]) is { Shape.Count: 2 } weight
            ? weight.Shape[transposed ? 0 : 1]
            : throw index.Refused($"'{node.Name}' ({node.OperatorType}) makes a value of the timestep whose width is not known");
    }

    // Extents are symbols of the value's own: engines see them when they run. The rank is what a runtime must know beforehand.
    private static OnnxDimension[] Extents(GraphIndex index, OnnxNode node)
    {
        int rank = node.OperatorType switch
        {
            "Conv" => 4,
            "Gemm" => 2,
            "Transpose" when node.Attribute("perm") is long[] permutation => permutation.Length,
            _ => throw index.Refused($"'{node.Name}' ({node.OperatorType}) makes a value of speech or conditioning whose rank is not known"),
        };
        return [.. Enumerable.Range(0, rank).Select(i => (OnnxDimension)$"{node.Name}/{i}")];
    }
}
