using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>Collects nodes and constants of a graph in order, giving each a unique name; values are named after the node that makes them.</summary>
internal sealed class GraphAssembler
{
    /// <summary>The operator set that the builders write: the newest that TensorRT's parser is asked to read.</summary>
    public const int Opset = 21;

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxInitializer> _initializers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<OnnxValueInfo> _inputs = [];
    private readonly List<OnnxValueInfo> _outputs = [];

    /// <summary>
    /// Begins a graph that takes over another's constants and keeps the names of its nodes free, so that those can be copied
    /// (<see cref="Copy"/>) with new ones between them. Inputs, nodes and outputs are the caller's to add.
    /// </summary>
    public static GraphAssembler Rebuild(OnnxGraph graph)
    {
        GraphAssembler assembler = new();
        assembler._initializers.AddRange(graph.Initializers);
        assembler._names.UnionWith(graph.Initializers.Select(initializer => initializer.Name));
        assembler._names.UnionWith(graph.Inputs.Select(input => input.Name));
        assembler._names.UnionWith(graph.Nodes.Select(node => node.Name));
        assembler._names.UnionWith(graph.Nodes.SelectMany(node => node.Outputs));
        return assembler;
    }

    /// <summary>Adds a node as it is, under the name that was kept for it.</summary>
    public void Copy(OnnxNode node) => _nodes.Add(node);

    /// <summary>Adds an input that is described already.</summary>
    public void Input(OnnxValueInfo input)
    {
        _names.Add(input.Name);
        _inputs.Add(input);
    }

    /// <summary>Makes a value an output under the name that it has.</summary>
    public void Output(OnnxValueInfo output) => _outputs.Add(output);

    public string Input(string name, params OnnxDimension[] shape)
    {
        _names.Add(name);
        _inputs.Add(new OnnxValueInfo(name, OnnxElementType.Float, shape));
        return name;
    }

    /// <summary>Makes a value an output under a name of its own.</summary>
    public void Output(string value, string name, params OnnxDimension[] shape)
    {
        int last = _nodes.FindLastIndex(node => node.Outputs.Contains(value));
        bool readElsewhere = _nodes.Exists(node => node.Inputs.Contains(value)) || _outputs.Exists(output => output.Name == value);
        if (last >= 0 && !readElsewhere)
        {
            _nodes[last] = _nodes[last] with { Outputs = [.. _nodes[last].Outputs.Select(output => output == value ? name : output)] };
        }
        else
        {
            _nodes.Add(new OnnxNode("Identity", Unique(name + "/identity"), [value], [name], []));
        }

        _outputs.Add(new OnnxValueInfo(name, OnnxElementType.Float, shape));
    }

    public string Node(string operatorType, string name, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        string unique = Unique(name);
        _nodes.Add(new OnnxNode(operatorType, unique, inputs, [unique], attributes));
        return unique;
    }

    /// <summary>Adds a node with several outputs, named after it and numbered.</summary>
    public string[] Node(string operatorType, string name, int outputs, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        string unique = Unique(name);
        string[] values = [.. Enumerable.Range(0, outputs).Select(i => Unique(FormattableString.Invariant($"{unique}.{i}")))];
        _nodes.Add(new OnnxNode(operatorType, unique, inputs, values, attributes));
        return values;
    }

    /// <summary>A weight that belongs to one module; each name once.</summary>
    public string Weight(string name, TensorSource source, params ReadOnlySpan<long> shape)
    {
        string unique = Unique(name);
        _initializers.Add(new OnnxInitializer(unique, shape.ToArray(), source));
        return unique;
    }

    /// <summary>A small constant, shared by all that ask for the same name.</summary>
    public string Shared(string name, TensorSource source, params ReadOnlySpan<long> shape)
    {
        if (_names.Add(name))
        {
            _initializers.Add(new OnnxInitializer(name, shape.ToArray(), source));
        }

        return name;
    }

    /// <summary>A vector of 64-bit integers (a shape or axes), shared by all that ask for the same one.</summary>
    public string Int64s(params ReadOnlySpan<long> values)
    {
        string name = "int64/" + string.Join(',', values.ToArray());
        if (_names.Add(name))
        {
            _initializers.Add(new OnnxInitializer(name, [values.Length], ConstantSource.Of(values)));
        }

        return name;
    }

    /// <summary>A scalar, shared by all that ask for the same one.</summary>
    public string Scalar(float value)
    {
        string name = FormattableString.Invariant($"float/{value:R}");
        if (_names.Add(name))
        {
            _initializers.Add(new OnnxInitializer(name, [], ConstantSource.Of([value])));
        }

        return name;
    }

    /// <summary>A vector of one repeated value, shared by all that ask for the same one.</summary>
    public string Filled(float value, int count)
    {
        string name = FormattableString.Invariant($"float/{value:R}x{count}");
        if (_names.Add(name))
        {
            float[] values = new float[count];
            Array.Fill(values, value);
            _initializers.Add(new OnnxInitializer(name, [count], ConstantSource.Of(values)));
        }

        return name;
    }

    public OnnxGraph Build(string name) => new()
    {
        Name = name,
        Opset = Opset,
        Inputs = _inputs,
        Outputs = _outputs,
        Nodes = _nodes,
        Initializers = _initializers,
    };

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 1; !_names.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{name}_{i}");
        }

        return unique;
    }
}
