using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>Builds a graph anew with some of its nodes replaced; inputs and outputs stay, what nothing needs any more is dropped.</summary>
internal static class NodeReplacement
{
    /// <summary>Replaces nodes.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="assembler">Made by <see cref="GraphAssembler.Rebuild"/> of it.</param>
    /// <param name="tryReplace">Adds what stands for a node, whose outputs it must make, and says so; false copies the node.</param>
    public static OnnxGraph Apply(OnnxGraph graph, GraphAssembler assembler, Func<OnnxNode, bool> tryReplace)
    {
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            assembler.Input(input);
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            if (!tryReplace(node))
            {
                assembler.Copy(node);
            }
        }

        foreach (OnnxValueInfo output in graph.Outputs)
        {
            assembler.Output(output);
        }

        return GraphPruning.Prune(assembler.Build(graph.Name) with { Opset = graph.Opset, Metadata = graph.Metadata });
    }
}
