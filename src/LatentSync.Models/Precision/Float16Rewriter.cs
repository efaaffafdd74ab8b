using LatentSync.Models.Onnx;

namespace LatentSync.Models.Precision;

/// <summary>
/// Writes the planned graph: nodes in their order, constants in the types in which they are read, and one Cast of a value for each other
/// type that it is read in, before its first reader.
/// </summary>
internal sealed class Float16Rewriter
{
    private readonly OnnxGraph _graph;
    private readonly GraphTypes _types;
    private readonly Float16Plan _plan;
    private readonly OnnxElementType _type;
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _outputs;
    private readonly HashSet<string> _weights;
    private readonly HashSet<string> _fullWeights;
    private readonly List<OnnxNode> _nodes = [];

    // Where a float32 value of the old graph is found in the new one, by type.
    private readonly Dictionary<(string Value, OnnxElementType Type), string> _made = [];

    /// <summary>Prepares the rewriting of a graph; the graph itself is left as it is.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="types">Its types.</param>
    /// <param name="plan">What goes to 16 bits.</param>
    /// <param name="type">Float16 or BFloat16.</param>
    public Float16Rewriter(OnnxGraph graph, GraphTypes types, Float16Plan plan, OnnxElementType type)
    {
        _type = type;
        _graph = graph;
        _types = types;
        _plan = plan;
        _outputs = [.. graph.Outputs.Select(output => output.Name)];
        _weights = [.. graph.Initializers.Where(initializer => initializer.ElementType == OnnxElementType.Float).Select(initializer => initializer.Name)];
        _fullWeights = [.. _outputs.Where(_weights.Contains), .. graph.Nodes.SelectMany(node => node.Inputs.Where((input, i) => _weights.Contains(input) && ReadAs(node, i) != _type))];
        _names =
        [
            .. graph.Inputs.Select(input => input.Name),
            .. graph.Initializers.Select(initializer => initializer.Name),
            .. graph.Nodes.Select(node => node.Name),
            .. graph.Nodes.SelectMany(node => node.Outputs),
        ];
    }

    /// <summary>Casts that were inserted.</summary>
    public int CastCount { get; private set; }

    /// <summary>Whether some node reads a constant in 16 bits.</summary>
    public bool IsHalfWeight(string name) => _weights.Contains(name) && _made.ContainsKey((name, _type));

    /// <summary>Makes the new graph; once.</summary>
    public OnnxGraph Rewrite()
    {
        foreach (string value in _graph.Inputs.Select(input => input.Name).Concat(_fullWeights))
        {
            _made.Add((value, OnnxElementType.Float), value);
        }

        foreach (OnnxNode node in _graph.Nodes)
        {
            // Inputs first: their casts stand before the node.
            string[] inputs = [.. node.Inputs.Select((input, i) => ReadAs(node, i) is { } type ? Read(input, type) : Found(input))];
            string[] outputs = [.. node.Outputs.Select(output => Define(node, output))];
            _nodes.Add(node with { Inputs = inputs, Outputs = outputs });
            RestoreOutputs(node);
        }

        DropUnreadCasts();
        return _graph with { Nodes = _nodes, Initializers = [.. _graph.Initializers.SelectMany(Constants)] };
    }

    /// <summary>The floating-point type in which a node reads a float32 input; null if it takes the input as it is.</summary>
    private OnnxElementType? ReadAs(OnnxNode node, int index)
    {
        string input = node.Inputs[index];
        OperatorSignature signature = OperatorTable.Find(node.OperatorType)!;
        return input.Length == 0 || _types[input] != OnnxElementType.Float || signature.Slot(index) == '?'
            ? null
            : signature.IsOwn(index) && _plan.IsHalf(node) ? _type : OnnxElementType.Float;
    }

    private string Read(string value, OnnxElementType type)
    {
        if (_made.TryGetValue((value, type), out string? name))
        {
            return name;
        }

        if (_weights.Contains(value))
        {
            // The checkpoint's key stays the name of the only version, so that weights are found again.
            name = _fullWeights.Contains(value) ? Unique(value + Suffix(type)) : value;
            _made.Add((value, type), name);
            return name;
        }

        name = Unique(value + Suffix(type));
        AddCast(name, Found(value), name, type);
        _made.Add((value, type), name);
        return name;
    }

    private string Found(string value) =>
        _made.TryGetValue((value, OnnxElementType.Float), out string? full) ? full : _made.GetValueOrDefault((value, _type), value);

    private string Define(OnnxNode node, string output)
    {
        if (output.Length == 0 || _types[output] != OnnxElementType.Float)
        {
            return output;
        }

        if (!_plan.IsHalf(node))
        {
            _made.Add((output, OnnxElementType.Float), output);
            if (node.OperatorType == "Cast" && _types[node.Inputs[0]] == _type)
            {
                // Already widened from 16 bits: there and back is the value itself.
                _made.Add((output, _type), node.Inputs[0]);
            }

            return output;
        }

        string name = _outputs.Contains(output) ? Unique(output + Suffix(_type)) : output;
        _made.Add((output, _type), name);
        return name;
    }

    /// <summary>The graph's outputs keep their names and their type.</summary>
    private void RestoreOutputs(OnnxNode node)
    {
        foreach (string output in node.Outputs.Where(output => _outputs.Contains(output) && !_made.ContainsKey((output, OnnxElementType.Float))))
        {
            if (_made.TryGetValue((output, _type), out string? half))
            {
                AddCast(Unique(output + Suffix(OnnxElementType.Float)), half, output, OnnxElementType.Float);
                _made.Add((output, OnnxElementType.Float), output);
            }
        }
    }

    private void AddCast(string name, string value, string result, OnnxElementType type)
    {
        _nodes.Add(new OnnxNode("Cast", name, [value], [result], [new OnnxAttribute("to", (long)type)]));
        CastCount++;
    }

    private void DropUnreadCasts()
    {
        HashSet<string> read = [.. _outputs];
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            if (_nodes[i].OperatorType == "Cast" && !read.Contains(_nodes[i].Outputs[0]))
            {
                _nodes.RemoveAt(i);
            }
            else
            {
                read.UnionWith(_nodes[i].Inputs);
            }
        }
    }

    private IEnumerable<OnnxInitializer> Constants(OnnxInitializer initializer)
    {
        bool half = IsHalfWeight(initializer.Name);
        if (!half || _fullWeights.Contains(initializer.Name))
        {
            yield return initializer;
        }

        if (half)
        {
            yield return initializer with { Name = _made[(initializer.Name, _type)], Source = _type == OnnxElementType.BFloat16 ? new BFloat16Source(initializer.Source) : new HalfSource(initializer.Source) };
        }
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 1; !_names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}_{i}");
        }

        return unique;
    }

    private static string Suffix(OnnxElementType type) => type switch
    {
        OnnxElementType.Float16 => "/fp16",
        OnnxElementType.BFloat16 => "/bf16",
        _ => "/fp32",
    };
}
