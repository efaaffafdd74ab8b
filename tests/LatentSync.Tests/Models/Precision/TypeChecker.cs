using LatentSync.Models.Onnx;

namespace LatentSync.Tests.Models.Precision;

/// <summary>
/// Derives every value's type again, by rules of its own: a node's floating-point inputs agree (the scales of Resize excepted, float32 always) and
/// its outputs have their type, unless it is a Cast or asks for a shape.
/// </summary>
internal static class TypeChecker
{
    public static Dictionary<string, OnnxElementType> Check(OnnxGraph graph)
    {
        Dictionary<string, OnnxElementType> types = graph.Initializers.ToDictionary(i => i.Name, i => i.ElementType, StringComparer.Ordinal);
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            types.Add(input.Name, input.ElementType);
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            string[] read = [.. node.Inputs.Where((input, i) => input.Length > 0 && !(node.OperatorType == "Resize" && i is 1 or 2))];
            OnnxElementType[] floats = [.. read.Select(input => types[input]).Where(IsFloat).Distinct()];
            Assert.True(floats.Length < 2, $"{node.Name} ({node.OperatorType}) reads {string.Join(" and ", floats)}");
            if (node.OperatorType == "Resize" && node.Inputs.Count > 2 && node.Inputs[2].Length > 0)
            {
                Assert.Equal(OnnxElementType.Float, types[node.Inputs[2]]);
            }

            OnnxElementType result = node.OperatorType switch
            {
                "Shape" => OnnxElementType.Int64,
                "Cast" => (OnnxElementType)(long)node.Attributes.Single().Value,
                _ => floats.Length > 0 ? floats[0] : types[read[0]],
            };
            Assert.All(node.Outputs, output => types.Add(output, result));
        }

        Assert.All(graph.Outputs, output => Assert.Equal(output.ElementType, types[output.Name]));
        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(node => node.Name).Distinct().Count());
        return types;
    }

    private static bool IsFloat(OnnxElementType type) => type is OnnxElementType.Float or OnnxElementType.Float16;
}
