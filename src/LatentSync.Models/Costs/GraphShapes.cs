using System.Runtime.InteropServices;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Costs;

/// <summary>The shapes of a graph's values for given inputs, worked out without running it.</summary>
public static class GraphShapes
{
    // Shapes, axes and sizes: longer constants are data.
    private const int MostIntegers = 64;
    private const int PictureRank = 4;

    /// <summary>Works out the shape of every value: inputs, constants and what the nodes make.</summary>
    /// <param name="graph">The network; its weights are not read.</param>
    /// <param name="inputs">Extents of each of its inputs, outermost first.</param>
    /// <returns>Extents by the value's name.</returns>
    /// <exception cref="LatentSyncException">An input is missing or has another shape than the graph says, shapes do not fit, or an operator is not known.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Infer(OnnxGraph graph, IReadOnlyDictionary<string, IReadOnlyList<long>> inputs)
    {
        Dictionary<string, IReadOnlyList<long>> shapes = new(StringComparer.Ordinal);
        foreach ((string name, ShapedValue value) in Walk(graph, inputs, static (_, _, _) => { }))
        {
            shapes.Add(name, value.Shape);
        }

        return shapes;
    }

    /// <summary>Extents of a graph's inputs where its symbols stand for given numbers.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="symbols">The extent of each symbol, such as <c>batch</c>.</param>
    /// <exception cref="LatentSyncException">A symbol has no extent.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Inputs(OnnxGraph graph, IReadOnlyDictionary<string, long> symbols)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(symbols);
        return graph.Inputs.ToDictionary(input => input.Name, IReadOnlyList<long> (input) => [.. input.Shape.Select(extent => Extent(input, extent))], StringComparer.Ordinal);

        long Extent(OnnxValueInfo input, OnnxDimension extent) => extent.Symbol is null ? extent.Value
            : symbols.TryGetValue(extent.Symbol, out long value) ? value
            : throw new LatentSyncException(LatentSyncError.Model, $"{graph.Name}: no number is given for '{extent.Symbol}' of input '{input.Name}'; give one");
    }

    /// <summary>Visits the nodes in order, each with what is known of its inputs and outputs; returns all values.</summary>
    internal static Dictionary<string, ShapedValue> Walk(
        OnnxGraph graph, IReadOnlyDictionary<string, IReadOnlyList<long>> inputs, Action<OnnxNode, ShapedNode, ShapedValue[]> visit)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        Dictionary<string, ShapedValue> values = new(StringComparer.Ordinal);
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            values.Add(input.Name, new ShapedValue(Check(graph, input, inputs.GetValueOrDefault(input.Name))));
        }

        foreach (OnnxInitializer constant in graph.Initializers)
        {
            values.Add(constant.Name, new ShapedValue([.. constant.Shape], Integers(constant)));
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            ShapedNode shaped = new(node, [.. node.Inputs.Select(name => name.Length == 0 ? (ShapedValue?)null : Find(graph, node, values, name))]);
            ShapedValue[] outputs = ShapeRules.Apply(shaped);
            visit(node, shaped, outputs);
            for (int i = 0; i < Math.Min(outputs.Length, node.Outputs.Count); i++)
            {
                values[node.Outputs[i]] = outputs[i];
            }
        }

        return values;
    }

    private static ShapedValue Find(OnnxGraph graph, OnnxNode node, Dictionary<string, ShapedValue> values, string name) => values.TryGetValue(name, out ShapedValue value)
        ? value
        : throw new LatentSyncException(LatentSyncError.Model, $"{graph.Name}: node '{node.Name}' reads '{name}', which nothing before it makes; check the graph");

    private static long[] Check(OnnxGraph graph, OnnxValueInfo input, IReadOnlyList<long>? shape)
    {
        bool fits = shape is not null && shape.Count == input.Shape.Count
            && shape.Zip(input.Shape, (given, said) => given >= 0 && (said.Symbol is not null || said.Value == given)).All(ok => ok);
        return fits ? [.. shape!] : throw new LatentSyncException(
            LatentSyncError.Model,
            $"{graph.Name}: input '{input.Name}' is [{string.Join(',', input.Shape)}], {(shape is null ? "no shape" : $"[{string.Join(',', shape)}]")} is given; give one that fits");
    }

    private static long[]? Integers(OnnxInitializer constant)
    {
        if (constant is { ElementType: OnnxElementType.Float, Shape: [PictureRank] })
        {
            // The scales of a Resize, if they are whole.
            float[] scales = constant.Source.ReadAll();
            return Array.TrueForAll(scales, float.IsInteger) ? [.. scales.Select(scale => (long)scale)] : null;
        }

        if (constant.ElementType != OnnxElementType.Int64 || constant.Source.ElementCount > MostIntegers)
        {
            return null;
        }

        long[] values = new long[constant.Source.ElementCount];
        constant.Source.Read(0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
