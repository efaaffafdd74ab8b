using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>
/// Takes out of the UNet's steps what does not change from step to step: the time embedding with all its projections, computed for the whole schedule
/// beforehand, and keys and values of the speech and the convolved conditioning, computed once a chunk. What moves is found from what each value depends on,
/// so a network with other layers, or with quantized ones, is divided in the same way.
/// </summary>
/// <param name="scheduled">Whether values of the timestep are computed beforehand.</param>
/// <param name="chunked">Whether values of speech and conditioning are computed once a chunk.</param>
public sealed class RateSplit(bool scheduled = true, bool chunked = true)
{
    /// <summary>Divides one network, or several that share values (a whole one and the shallow one of step caching).</summary>
    /// <param name="graphs">The networks; what an earlier one names, a later one names alike.</param>
    /// <exception cref="Runtime.LatentSyncException">A graph is not built as the split needs it.</exception>
    public SplitGraphs Split(params IReadOnlyList<OnnxGraph> graphs)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        ArgumentOutOfRangeException.ThrowIfZero(graphs.Count);
        OnnxGraph whole = graphs[0];
        RateAnalysis rates = new(whole, scheduled, chunked);
        RateBoundary boundary = new(whole, rates);
        OnnxGraph[] steps = [.. graphs.Select(graph => Steps(graph, new RateAnalysis(graph, scheduled, chunked), boundary))];
        return new SplitGraphs(Schedule(whole, boundary), Chunk(whole, boundary), steps);
    }

    private static OnnxGraph? Schedule(OnnxGraph graph, RateBoundary boundary)
    {
        if (boundary.Schedule.Count == 0)
        {
            return null;
        }

        GraphAssembler assembler = Copy(graph, graph.Inputs);
        string table = boundary.Schedule.Count == 1 ? boundary.Schedule[0].Name : assembler.Concat(UNetValues.TimeTable + "/rows", 1, [.. boundary.Schedule.Select(value => value.Name)]);
        assembler.Copy(new OnnxNode("Identity", UNetValues.TimeTable, [table], [UNetValues.TimeTable], []));
        assembler.Output(boundary.TimeTable);
        return GraphPruning.Prune(assembler.Build(graph.Name + "_schedule") with { Opset = graph.Opset });
    }

    private static OnnxGraph? Chunk(OnnxGraph graph, RateBoundary boundary)
    {
        if (boundary.Chunk.Count == 0)
        {
            return null;
        }

        GraphAssembler assembler = Copy(graph, graph.Inputs);
        foreach (OnnxValueInfo value in boundary.Chunk)
        {
            assembler.Output(value);
        }

        return ExtentSources.Narrow(GraphPruning.Prune(assembler.Build(graph.Name + "_chunk") with { Opset = graph.Opset }));
    }

    private static OnnxGraph Steps(OnnxGraph graph, RateAnalysis rates, RateBoundary boundary)
    {
        HashSet<string> kept = [.. boundary.Chunk.Select(value => value.Name)];
        GraphAssembler assembler = GraphAssembler.Rebuild(graph);
        foreach (OnnxValueInfo input in graph.Inputs.Concat(boundary.Chunk))
        {
            assembler.Input(input);
        }

        if (boundary.Schedule.Count > 0)
        {
            assembler.Input(boundary.TimeTable);
            assembler.Copy(new OnnxNode(
                "Split", UNetValues.TimeTable + "/split", [UNetValues.TimeTable, assembler.Int64s([.. boundary.Schedule.Select(value => value.Shape[1].Value)])],
                [.. boundary.Schedule.Select(value => value.Name)], [new OnnxAttribute("axis", 1L)]));
        }

        foreach (OnnxNode node in graph.Nodes.Where(node => rates[node] is not TensorRate.Schedule && !node.Outputs.Any(kept.Contains)))
        {
            assembler.Copy(node);
        }

        foreach (OnnxValueInfo output in graph.Outputs)
        {
            assembler.Output(output);
        }

        return ExtentSources.Narrow(GraphPruning.Prune(assembler.Build(graph.Name) with { Opset = graph.Opset, Metadata = graph.Metadata }));
    }

    private static GraphAssembler Copy(OnnxGraph graph, IReadOnlyList<OnnxValueInfo> inputs)
    {
        GraphAssembler assembler = GraphAssembler.Rebuild(graph);
        foreach (OnnxValueInfo input in inputs)
        {
            assembler.Input(input);
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            assembler.Copy(node);
        }

        return assembler;
    }
}
