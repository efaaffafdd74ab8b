using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>
/// A network that also tells of its inner values: of each its least and largest element, its sum (not finite if an element is not), and every n-th element. So a
/// run's statistics take little memory, whatever the values take.
/// </summary>
internal static class CalibrationGraph
{
    /// <summary>Outputs added for each value, in this order.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["least", "largest", "sum", "sample"];

    /// <summary>Adds the outputs.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="points">The values.</param>
    /// <param name="stride">The n above: best a number that shares no factor with the extents of the network.</param>
    public static OnnxGraph Instrument(OnnxGraph graph, IReadOnlyList<string> points, int stride)
    {
        GraphAssembler assembler = GraphAssembler.Rebuild(graph);
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            assembler.Input(input);
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            assembler.Copy(node);
        }

        foreach (OnnxValueInfo output in graph.Outputs)
        {
            assembler.Output(output);
        }

        string first = assembler.Int64s(0), last = assembler.Int64s(long.MaxValue), every = assembler.Int64s(stride);
        for (int i = 0; i < points.Count; i++)
        {
            string flat = assembler.Reshape($"calibration/{i}", points[i], -1);
            Add("ReduceMin", OutputName(i, "least"), [flat]);
            Add("ReduceMax", OutputName(i, "largest"), [flat]);
            Add("ReduceSum", OutputName(i, "sum"), [flat]);
            Add("Slice", OutputName(i, "sample"), [flat, first, last, first, every]);
        }

        return assembler.Build(graph.Name + "_calibration") with { Opset = graph.Opset, Metadata = graph.Metadata };

        void Add(string operatorType, string name, string[] inputs)
        {
            bool reduces = operatorType != "Slice";
            assembler.Copy(new OnnxNode(operatorType, name, inputs, [name], reduces ? [new OnnxAttribute("keepdims", 0L)] : []));
            assembler.Output(new OnnxValueInfo(name, OnnxElementType.Float, reduces ? [] : [name]));
        }
    }

    /// <summary>The name of an added output.</summary>
    public static string OutputName(int point, string part) => $"calibration/{point}/{part}";
}
