using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;

namespace LatentSync.Tests.Models.Precision;

/// <summary>
/// A half-precision graph as one that ONNX Runtime's CPU path really computes with half-precision results: that path runs float16 operators in
/// float32 and keeps their exact results between them. Here every result of float16 arithmetic goes through float16 and an Identity, which a session
/// without optimisations does not remove. Sums inside an operator stay float32, as tensor cores accumulate.
/// </summary>
internal static class Float16Emulation
{
    public static OnnxGraph Emulate(OnnxGraph graph)
    {
        Dictionary<string, OnnxElementType> types = TypeChecker.Check(graph);
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            string output = node.Outputs[0];
            if (node.OperatorType == "Cast" && types[output] == OnnxElementType.Float)
            {
                nodes.Add(node with { OperatorType = "Identity", Attributes = [] });
            }
            else if (node.OperatorType == "Cast")
            {
                nodes.AddRange(Round(node.Inputs[0], output));
            }
            else if (types[output] == OnnxElementType.Float16 && OperatorTable.Find(node.OperatorType)!.Role != OperatorRole.Movement)
            {
                nodes.Add(node with { Outputs = [output + "/exact"] });
                nodes.AddRange(Round(output + "/exact", output));
            }
            else
            {
                nodes.Add(node);
            }
        }

        return graph with { Nodes = nodes, Initializers = [.. graph.Initializers.Select(Widen)] };
    }

    public static OnnxNode[] Round(string value, string result) =>
    [
        Node("Cast", value, result + "/half", new OnnxAttribute("to", (long)OnnxElementType.Float16)),
        Node("Identity", result + "/half", result + "/kept"),
        Node("Cast", result + "/kept", result, new OnnxAttribute("to", (long)OnnxElementType.Float)),
    ];

    private static OnnxNode Node(string operatorType, string value, string result, params OnnxAttribute[] attributes) =>
        new(operatorType, result + "/" + operatorType, [value], [result], attributes);

    private static OnnxInitializer Widen(OnnxInitializer initializer)
    {
        if (initializer.ElementType != OnnxElementType.Float16)
        {
            return initializer;
        }

        Half[] halves = new Half[initializer.Source.ElementCount];
        initializer.Source.Read(0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(halves.AsSpan()));
        return initializer with { Source = ConstantSource.Of([.. halves.Select(half => (float)half)]) };
    }
}
