using LatentSync.Models.Onnx;

namespace LatentSync.Tests.Models.Costs;

/// <summary>A graph of one node, its inputs of fixed float shapes or constant integers.</summary>
internal static class SmallGraph
{
    public static OnnxGraph Of(string operatorType, IReadOnlyList<long[]> inputs, IReadOnlyList<long[]>? constants = null, params OnnxAttribute[] attributes)
    {
        OnnxValueInfo[] values = [.. inputs.Select((shape, i) => new OnnxValueInfo($"x{i}", OnnxElementType.Float, [.. shape.Select(extent => (OnnxDimension)extent)]))];
        OnnxInitializer[] integers = [.. (constants ?? []).Select((elements, i) => new OnnxInitializer($"c{i}", [elements.Length], ConstantSource.Of(elements)))];
        return new OnnxGraph
        {
            Name = "small",
            Opset = 21,
            Inputs = values,
            Outputs = [new OnnxValueInfo("y", OnnxElementType.Float, ["a"])],
            Nodes = [new OnnxNode(operatorType, "node", [.. values.Select(v => v.Name), .. integers.Select(c => c.Name)], ["y"], attributes)],
            Initializers = integers,
        };
    }

    public static Dictionary<string, IReadOnlyList<long>> Inputs(OnnxGraph graph) =>
        graph.Inputs.ToDictionary(input => input.Name, IReadOnlyList<long> (input) => [.. input.Shape.Select(extent => extent.Value)]);
}
