using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>
/// Replaces a doubling by nearest neighbour and the 3x3 convolution after it by four 2x2 convolutions of the small picture, one for each phase of the large
/// one: 16 multiply-adds where there were 36, equal up to rounding, and the large picture is written once. Only for networks that double exactly:
/// the UNet's next skip can be one row smaller where a size is odd. Convolutions that are quantized are left alone.
/// </summary>
public sealed class PhaseUpsampling : IGraphPass
{
    private const int Phases = 2;

    /// <inheritdoc/>
    public string Name => "phase-upsampling";

    /// <inheritdoc/>
    public OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        GraphIndex index = new(graph);
        GraphAssembler assembler = GraphAssembler.Rebuild(graph);
        return NodeReplacement.Apply(graph, assembler, node =>
        {
            if (!IsConvolution(node, index, out OnnxInitializer? weight) || index.Producer(node.Inputs[0]) is not { } resize || !IsDoubling(resize, index))
            {
                return false;
            }

            Replace(assembler, node, resize.Inputs[0], weight!);
            return true;
        });
    }

    private static void Replace(GraphAssembler assembler, OnnxNode conv, string small, OnnxInitializer weight)
    {
        List<string> phases = [];
        for (int row = 0; row < Phases; row++)
        {
            for (int column = 0; column < Phases; column++)
            {
                string name = $"{conv.Name}/phase_{row}{column}";
                string kernel = assembler.Weight(name + ".weight", new PhaseKernelSource(weight.Source, row, column), weight.Shape[0], weight.Shape[1], 2, 2);

                // Even rows reach one small row up, odd ones one down; columns alike.
                phases.Add(assembler.Node(
                    "Conv", name, [small, kernel, .. conv.Inputs.Skip(2)],
                    new OnnxAttribute("kernel_shape", new long[] { 2, 2 }),
                    new OnnxAttribute("pads", new long[] { 1 - row, 1 - column, row, column })));
            }
        }

        // Depth to space takes the phases as the outermost part of the channels.
        string together = assembler.Concat(conv.Name + "/phases", 1, [.. phases]);
        assembler.Copy(new OnnxNode("DepthToSpace", conv.Name, [together], conv.Outputs, [new OnnxAttribute("blocksize", (long)Phases), new OnnxAttribute("mode", "DCR")]));
    }

    private static bool IsConvolution(OnnxNode node, GraphIndex index, out OnnxInitializer? weight)
    {
        weight = node is { OperatorType: "Conv", Inputs: [_, string name, ..] } ? index.Constant(name) : null;
        return weight is { ElementType: OnnxElementType.Float, Shape: [_, _, 3, 3] } && Are(node, "strides", 1) && Are(node, "pads", 1);
    }

    // Where the sizes are computed, the caller answers for it that they are twice the input's.
    private static bool IsDoubling(OnnxNode node, GraphIndex index) => node.OperatorType == "Resize"
        && node.Attribute("mode") is "nearest" && node.Attribute("coordinate_transformation_mode") is "asymmetric" && node.Attribute("nearest_mode") is "floor"
        && (node.Inputs.Count > 3
            || (node.Inputs.Count == 3 && index.Constant(node.Inputs[2]) is { ElementType: OnnxElementType.Float, Shape: [4] } scales && scales.Source.ReadAll().AsSpan().SequenceEqual([1, 1, Phases, Phases])));

    private static bool Are(OnnxNode node, string name, long value) => node.Attribute(name) is long[] values && Array.TrueForAll(values, number => number == value);
}
