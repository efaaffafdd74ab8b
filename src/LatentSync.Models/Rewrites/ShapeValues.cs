using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>The integers that a graph computes from the shapes of its values, and versions of them for twice the batch.</summary>
internal sealed class ShapeValues
{
    private readonly GraphAssembler _assembler;
    private readonly string _sample;
    private readonly GraphIndex _index;
    private readonly HashSet<string> _constants;

    // The node that makes each shape value, and whether the batch is part of it.
    private readonly Dictionary<string, OnnxNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withBatch = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _doubled = new(StringComparer.Ordinal);

    public ShapeValues(OnnxGraph graph, GraphAssembler assembler, string sample, GraphIndex index)
    {
        (_assembler, _sample, _index) = (assembler, sample, index);
        _constants = [.. graph.Initializers.Where(initializer => initializer.ElementType == OnnxElementType.Int64).Select(initializer => initializer.Name)];
    }

    /// <summary>Looks at the next node of the graph.</summary>
    /// <returns>Whether it computes with shapes only.</returns>
    public bool Visit(OnnxNode node)
    {
        bool isShape = node.OperatorType == "Shape" || node.Inputs.All(input => _nodes.ContainsKey(input) || _constants.Contains(input));
        if (!isShape)
        {
            return false;
        }

        _nodes.Add(node.Outputs[0], node);
        if (ReadsBatch(node) || node.Inputs.Any(_withBatch.Contains))
        {
            _withBatch.Add(node.Outputs[0]);
        }

        return true;
    }

    /// <summary>The value for twice the batch; any other value is returned as it is.</summary>
    public string Doubled(string value)
    {
        if (!_withBatch.Contains(value))
        {
            return value;
        }

        if (!_doubled.TryGetValue(value, out string? result))
        {
            OnnxNode node = _nodes[value];
            result = ReadsBatch(node)
                ? _assembler.Mul(node.Name + "/both_halves", value, _assembler.Int64s(2))
                : _assembler.Node(node.OperatorType, node.Name + "/both_halves", [.. node.Inputs.Select(Doubled)], [.. node.Attributes]);
            _doubled.Add(value, result);
        }

        return result;
    }

    private bool ReadsBatch(OnnxNode node)
    {
        if (node.OperatorType != "Shape" || node.Inputs[0] != _sample || node.Integer("start", 0) > 0)
        {
            return false;
        }

        return node.Integer("end", long.MaxValue) == 1 ? true : throw _index.Refused($"'{node.Name}' asks for the batch together with other extents");
    }
}
