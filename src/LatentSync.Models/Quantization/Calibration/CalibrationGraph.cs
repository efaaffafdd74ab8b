using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>
/// A network that also tells of its inner values: of each its least and largest element, its sum (not finite if an element is not), and every n-th element. So a
/// run's statistics take little memory, whatever the values take. All of it comes in three outputs: runtimes look through the list of outputs again and again
/// while they load a network.
/// </summary>
internal static class CalibrationGraph
{
    /// <summary>Numbers of each value in <see cref="Extremes"/>: least, largest, sum.</summary>
    public const int NumbersEach = 3;

    /// <summary>Output: the numbers of all values after one another.</summary>
    public const string Extremes = "calibration/extremes";

    /// <summary>Output: for each value, how many elements it has in <see cref="Samples"/>.</summary>
    public const string Counts = "calibration/counts";

    /// <summary>Output: every n-th element of all values after one another.</summary>
    public const string Samples = "calibration/samples";

    /// <summary>Adds the outputs behind the network's own.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="points">The values; at least one.</param>
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

        List<string> extremes = [], counts = [], samples = [];
        string first = assembler.Int64s(0), last = assembler.Int64s(long.MaxValue), every = assembler.Int64s(stride);
        for (int i = 0; i < points.Count; i++)
        {
            string name = $"calibration/{i}", flat = assembler.Reshape(name, points[i], -1);
            extremes.Add(assembler.Node("ReduceMin", name + "/least", [flat]));
            extremes.Add(assembler.Node("ReduceMax", name + "/largest", [flat]));
            extremes.Add(assembler.Node("ReduceSum", name + "/sum", [flat]));
            samples.Add(assembler.Node("Slice", name + "/sample", [flat, first, last, first, every]));
            counts.Add(assembler.Node("Cast", name + "/count", [assembler.Shape(name + "/size", samples[i], 0)], new OnnxAttribute("to", (long)OnnxElementType.Float)));
        }

        Join(Extremes, extremes);
        Join(Counts, counts);
        Join(Samples, samples);
        return assembler.Build(graph.Name + "_calibration") with { Opset = graph.Opset, Metadata = graph.Metadata };

        void Join(string name, List<string> values)
        {
            assembler.Copy(new OnnxNode("Concat", name, values, [name], [new OnnxAttribute("axis", 0L)]));
            assembler.Output(new OnnxValueInfo(name, OnnxElementType.Float, [name]));
        }
    }
}
