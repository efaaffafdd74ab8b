using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>
/// Walks the UNet once. Values that carry the batch are single (the same for both halves) until a cross-attention joins the halves behind it, double from then
/// on; where a double value meets a single one, the single one is repeated. Inside the network values lie frame-major, <c>[F*B,...]</c>, so the halves are
/// joined and parted along the second axis of <c>[F,2B,...]</c>.
/// </summary>
internal sealed class GuidanceRewriter
{
    private readonly OnnxGraph _graph;
    private readonly GraphIndex _index;
    private readonly GraphAssembler _assembler;
    private readonly ShapeValues _shapes;
    private readonly Dictionary<string, CrossAttention> _byNorm = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CrossAttention> _byResidual = new(StringComparer.Ordinal);

    // Rows of the spoken half, for cross-attentions whose tokens are double.
    private readonly Dictionary<string, string> _spokenRows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _repeated = new(StringComparer.Ordinal);
    private readonly HashSet<string> _batched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _double = new(StringComparer.Ordinal);
    private readonly string _frames;

    public GuidanceRewriter(OnnxGraph graph)
    {
        _graph = graph;
        _index = new GraphIndex(graph);
        _assembler = GraphAssembler.Rebuild(graph);
        OnnxValueInfo sample = graph.Inputs.FirstOrDefault(input => input.Name is UNetValues.Sample or UNetValues.NoisyLatents) ?? throw _index.Refused($"it has no input '{UNetValues.Sample}'");
        foreach (CrossAttention attention in CrossAttention.FindAll(graph, _index))
        {
            _byNorm.Add(attention.Norm.Name, attention);
            _byResidual.Add(attention.Residual.Name, attention);
        }

        if (_byResidual.Count == 0)
        {
            throw _index.Refused("it has no cross-attention, so guidance has no effect on it");
        }

        foreach (OnnxValueInfo input in graph.Inputs)
        {
            _assembler.Input(input);
            if (input.Shape.Count > 1 && input.Name is not UNetValues.TimeTable)
            {
                _batched.Add(input.Name);
            }
        }

        _frames = _assembler.Shape("guidance/frames", sample.Name, 2, 3);
        _shapes = new ShapeValues(graph, _assembler, sample.Name, _index);
    }

    public OnnxGraph Rewrite()
    {
        foreach (OnnxNode node in _graph.Nodes)
        {
            if (_shapes.Visit(node))
            {
                _assembler.Copy(node);
            }
            else if (_byNorm.TryGetValue(node.Name, out CrossAttention? entered))
            {
                Append(node with { Inputs = [SpokenRows(entered), .. node.Inputs.Skip(1)] });
            }
            else if (_byResidual.TryGetValue(node.Name, out CrossAttention? left))
            {
                Join(left);
            }
            else
            {
                Append(node);
            }
        }

        OnnxDimension both = "both_halves";
        foreach (OnnxValueInfo output in _graph.Outputs)
        {
            _assembler.Output(_double.Contains(output.Name) ? output with { Shape = [both, .. output.Shape.Skip(1)] } : output);
        }

        return GraphPruning.Prune(_assembler.Build(_graph.Name + "_guided") with { Opset = _graph.Opset, Metadata = _graph.Metadata });
    }

    private void Append(OnnxNode node)
    {
        bool isDouble = node.Inputs.Any(_double.Contains);
        if (isDouble)
        {
            node = node with { Inputs = [.. node.Inputs.Select(input => _batched.Contains(input) && !_double.Contains(input) ? Repeat(node, input) : _shapes.Doubled(input))] };
            _double.UnionWith(node.Outputs);
        }

        if (isDouble || node.Inputs.Any(_batched.Contains))
        {
            _batched.UnionWith(node.Outputs);
        }

        _assembler.Copy(node);
    }

    // [F*B,...] -> [F*2B,...], the same rows twice within each frame. Seen are pictures that a skip connection or a residual brings along.
    private string Repeat(OnnxNode reader, string value)
    {
        if (reader.OperatorType is not ("Add" or "Concat"))
        {
            throw _index.Refused($"'{reader.Name}' ({reader.OperatorType}) joins guided and unguided values");
        }

        if (!_repeated.TryGetValue(value, out string? result))
        {
            string name = value + "/both_halves";
            string frames = _assembler.Reshape(name + "/frames", value, _assembler.Concat(name + "/flat", 0, _frames, _assembler.Int64s(-1)));
            string twice = _assembler.Concat(name + "/twice", 1, frames, frames);
            string shape = _assembler.Concat(name + "/shape", 0, _assembler.Int64s(-1), _assembler.Shape(name + "/size", value, 1));
            result = _assembler.Reshape(name, twice, shape);
            _repeated.Add(value, result);
        }

        return result;
    }

    private string SpokenRows(CrossAttention attention)
    {
        if (!_double.Contains(attention.Tokens))
        {
            return attention.Tokens;
        }

        string rows = Half(attention, "spoken", 1);
        _batched.Add(rows);
        _spokenRows.Add(attention.Residual.Name, rows);
        return rows;
    }

    // [F*2B*HW,C] -> [F*B*HW,C]
    private string Half(CrossAttention attention, string name, long half)
    {
        string prefix = $"{attention.Residual.Name}/{name}";
        string halves = _assembler.Reshape(prefix + "/halves", attention.Tokens, _assembler.Concat(prefix + "/shape", 0, _frames, _assembler.Int64s(2, -1, Width(attention))));
        string one = _assembler.Slice(prefix + "/half", halves, half, _assembler.Int64s(half + 1), 1);
        return _assembler.Reshape(prefix + "/rows", one, -1, Width(attention));
    }

    private void Join(CrossAttention attention)
    {
        string name = attention.Residual.Name;
        bool parted = _spokenRows.TryGetValue(name, out string? rows);
        string spokenTokens = parted ? rows! : attention.Tokens;
        string silentTokens = parted ? Half(attention, "silent", 0) : attention.Tokens;
        string spoken = _assembler.Add(name + "/spoken", attention.Last.Outputs[0], spokenTokens);
        string silent = _assembler.Add(name + "/silent", silentTokens, attention.Bias);
        string shape = _assembler.Concat(name + "/frames", 0, _frames, _assembler.Int64s(-1, Width(attention)));
        string both = _assembler.Concat(name + "/both_halves", 1, _assembler.Reshape(name + "/silent_frames", silent, shape), _assembler.Reshape(name + "/spoken_frames", spoken, shape));
        _assembler.Copy(new OnnxNode("Reshape", name, [both, _assembler.Int64s(-1, Width(attention))], attention.Residual.Outputs, []));
        _double.UnionWith(attention.Residual.Outputs);
        _batched.UnionWith(attention.Residual.Outputs);
    }

    private long Width(CrossAttention attention) =>
        _index.Constant(attention.Norm.Inputs[1])?.Shape[0] ?? throw _index.Refused($"'{attention.Norm.Name}' has no constant scale");
}
