using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Precision;

/// <summary>The element type of every value of a graph, found by walking the operators in order; the graph is refused if they do not fit.</summary>
internal sealed class GraphTypes
{
    private readonly Dictionary<string, OnnxElementType> _types = new(StringComparer.Ordinal);
    private readonly string _source;

    private GraphTypes(string source)
    {
        _source = source;
    }

    /// <summary>The type of a value; all that the graph names are known.</summary>
    public OnnxElementType this[string value] => _types[value];

    /// <summary>Finds the types.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="source">What errors name: the graph's file.</param>
    /// <exception cref="LatentSyncException">An operator is unknown, reads what nothing made before it, or is given types that it does not take.</exception>
    public static GraphTypes Infer(OnnxGraph graph, string source)
    {
        GraphTypes types = new(source);
        foreach (OnnxInitializer initializer in graph.Initializers)
        {
            types.Define(initializer.Name, initializer.ElementType, "constant");
        }

        foreach (OnnxValueInfo input in graph.Inputs)
        {
            types.Define(input.Name, input.ElementType, "input");
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            types.Visit(node);
        }

        foreach (OnnxValueInfo output in graph.Outputs)
        {
            if (!types._types.TryGetValue(output.Name, out OnnxElementType type) || type != output.ElementType)
            {
                throw types.Refused($"output '{output.Name}' should be {output.ElementType}, {(type == 0 ? "nothing makes it" : $"it is made as {type}")}");
            }
        }

        return types;
    }

    /// <summary>The type that an operator's own inputs and outputs share, or null for one that has none.</summary>
    public OnnxElementType? Own(OnnxNode node, OperatorSignature signature)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (signature.IsOwn(i) && node.Inputs[i].Length > 0)
            {
                return this[node.Inputs[i]];
            }
        }

        return null;
    }

    private void Visit(OnnxNode node)
    {
        OperatorSignature signature = OperatorTable.Find(node.OperatorType)
            ?? throw Refused($"node '{node.Name}' uses the operator {node.OperatorType}, whose types are not known here");
        OnnxElementType? own = null;
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            string input = node.Inputs[i];
            if (input.Length == 0)
            {
                continue;
            }

            if (!_types.TryGetValue(input, out OnnxElementType type))
            {
                throw Refused($"node '{node.Name}' ({node.OperatorType}) reads '{input}', which nothing before it makes");
            }

            own ??= signature.IsOwn(i) ? type : null;
            if (!signature.Accepts(i, type) || (signature.IsOwn(i) && type != own))
            {
                throw Refused($"node '{node.Name}' ({node.OperatorType}) reads '{input}' of type {type}{(signature.IsOwn(i) ? $" beside {own}" : string.Empty)}");
            }
        }

        OnnxElementType result = signature.Output switch
        {
            'I' => OnnxElementType.Int64,
            'J' => OnnxElementType.Int32,
            'Q' => OnnxElementType.UInt8,
            'A' => Stated(node),
            _ => own ?? throw Refused($"node '{node.Name}' ({node.OperatorType}) has no input that says its type"),
        };
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            string output = node.Outputs[i];
            if (output.Length == 0)
            {
                continue;
            }

            // Of the three that DynamicQuantizeLinear makes, the second is the scale.
            bool isScale = signature.Output == 'Q' && i == 1;
            Define(output, isScale ? OnnxElementType.Float : result, $"output of node '{node.Name}' ({node.OperatorType})");
        }
    }

    /// <summary>The type that a node states: the target of a Cast, or the kind of number that QuantizeLinear makes (uint8 if it does not say).</summary>
    private OnnxElementType Stated(OnnxNode node)
    {
        if (node.OperatorType == "QuantizeLinear" && node.Inputs.Count > 2 && node.Inputs[2].Length > 0)
        {
            return this[node.Inputs[2]];
        }

        string name = node.OperatorType == "Cast" ? "to" : "output_dtype";
        return node.Attribute(name) switch
        {
            long type when Enum.IsDefined((OnnxElementType)(int)type) => (OnnxElementType)(int)type,
            null or 0L when node.OperatorType == "QuantizeLinear" => OnnxElementType.UInt8,
            object other => throw Refused($"node '{node.Name}' ({node.OperatorType}) makes element type {other}, which is not supported"),
            null => throw Refused($"node '{node.Name}' ({node.OperatorType}) does not say which type it makes"),
        };
    }

    private void Define(string value, OnnxElementType type, string what)
    {
        if (!_types.TryAdd(value, type))
        {
            throw Refused($"'{value}' ({what}) is defined twice");
        }
    }

    private LatentSyncException Refused(string reason) =>
        new(LatentSyncError.Model, $"{_source}: the types of this network's values cannot be worked out ({reason}); import the checkpoints again with this version");
}
