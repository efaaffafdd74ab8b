using LatentSync.Models.Onnx;

namespace LatentSync.Models.Precision;

/// <summary>
/// Decides for each node that computes in float32 whether it goes to half precision. Arithmetic is decided by the recipe, the operator and the
/// weights; what only moves elements follows, so that a value is cast once, and small, wherever that loses nothing.
/// </summary>
internal sealed class Float16Plan
{
    private readonly OnnxGraph _graph;
    private readonly GraphTypes _types;
    private readonly Float16Recipe _recipe;
    private readonly WeightScan? _scan;
    private readonly Dictionary<string, OnnxInitializer> _weights;
    private readonly HashSet<OnnxNode> _half = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<OnnxNode, string> _reasons = new(ReferenceEqualityComparer.Instance);

    // Values that hold elements of a weight beyond half precision's range, with that weight; and magnitudes of a calibration, also of what is only moved.
    private readonly Dictionary<string, WeightRange> _beyond = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float> _magnitudes;

    private Float16Plan(OnnxGraph graph, GraphTypes types, Float16Recipe recipe, WeightScan? scan)
    {
        _graph = graph;
        _types = types;
        _recipe = recipe;
        _scan = scan;
        _magnitudes = new Dictionary<string, float>(recipe.Magnitudes, StringComparer.Ordinal);
        _weights = graph.Initializers
            .Where(initializer => initializer.ElementType == OnnxElementType.Float)
            .ToDictionary(initializer => initializer.Name, StringComparer.Ordinal);
    }

    /// <summary>Plans a graph; reads each weight that may be rounded once.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="types">Its types.</param>
    /// <param name="recipe">What stays in float32.</param>
    /// <param name="scan">Looks at weights' magnitudes; null where the type holds every float32 magnitude.</param>
    public static Float16Plan Make(OnnxGraph graph, GraphTypes types, Float16Recipe recipe, WeightScan? scan)
    {
        Float16Plan plan = new(graph, types, recipe, scan);
        plan.DecideArithmetic();
        plan.DecideMovement(plan.WantedInFull());
        return plan;
    }

    /// <summary>Whether the node's own values become half precision.</summary>
    public bool IsHalf(OnnxNode node) => _half.Contains(node);

    /// <summary>The nodes that compute in float32, with the reason; what follows its neighbours is left out.</summary>
    public IReadOnlyList<Float32Node> Float32Nodes() =>
        [.. _graph.Nodes.Where(_reasons.ContainsKey).Select(node => new Float32Node(node.Name, node.OperatorType, _reasons[node]))];

    private void DecideArithmetic()
    {
        foreach (OnnxNode node in _graph.Nodes.Where(IsFloat))
        {
            OperatorRole role = Signature(node).Role;
            string? reason = ListedOrIsland(node, role) ?? Overflow(node, role);
            if ((reason is null || role == OperatorRole.Movement) && OwnInputs(node).Select(Beyond).FirstOrDefault(range => range is not null) is { } weight)
            {
                reason ??= FormattableString.Invariant($"'{weight.Name}' reaches {weight.Largest:g5}, half precision 65504");
                if (role == OperatorRole.Movement)
                {
                    foreach (string output in node.Outputs)
                    {
                        _beyond[output] = weight;
                    }
                }
            }

            if (reason is not null)
            {
                _reasons.Add(node, reason);
            }
            else if (role != OperatorRole.Movement)
            {
                _half.Add(node);
            }
        }
    }

    private string? ListedOrIsland(OnnxNode node, OperatorRole role) => NodePattern.FirstMatch(_recipe.Float16Nodes, node.Name) is not null
        ? null
        : NodePattern.FirstMatch(_recipe.Float32Nodes, node.Name) is { } pattern
            ? $"listed as {pattern}"
            : role == OperatorRole.Island ? $"{node.OperatorType} stays in float32" : null;

    // A listed node is the caller's decision; everything else steps aside where the calibration came too close to the range.
    private string? Overflow(OnnxNode node, OperatorRole role)
    {
        if (NodePattern.FirstMatch(_recipe.Float16Nodes, node.Name) is not null)
        {
            return null;
        }

        string? value = OwnInputs(node).Concat(node.Outputs).FirstOrDefault(name => _magnitudes.GetValueOrDefault(name) > _recipe.OverflowLimit);
        if (value is null)
        {
            return null;
        }

        if (role == OperatorRole.Movement)
        {
            foreach (string output in node.Outputs)
            {
                _magnitudes.TryAdd(output, _magnitudes[value]);
            }
        }

        return FormattableString.Invariant($"'{value}' reached {_magnitudes[value]:g5} in the calibration, beyond {_recipe.OverflowLimit:g5}");
    }

    /// <summary>The values that something float32 reads, also through nodes that only move them.</summary>
    private HashSet<string> WantedInFull()
    {
        HashSet<string> wanted = [.. _graph.Outputs.Select(output => output.Name)];
        foreach (OnnxNode node in _graph.Nodes.Reverse().Where(IsFloat))
        {
            if (_reasons.ContainsKey(node) || (IsUndecided(node) && node.Outputs.Any(wanted.Contains)))
            {
                wanted.UnionWith(OwnInputs(node));
            }
        }

        return wanted;
    }

    // In float32 only if that keeps digits: they must come in, and something must want them.
    private void DecideMovement(HashSet<string> wanted)
    {
        HashSet<string> full = [.. _graph.Inputs.Select(input => input.Name), .. _weights.Keys];
        foreach (OnnxNode node in _graph.Nodes.Where(node => node.Outputs.Any(output => output.Length > 0 && _types[output] == OnnxElementType.Float)))
        {
            if (IsFloat(node) && IsUndecided(node) && !(OwnInputs(node).Any(full.Contains) && node.Outputs.Any(wanted.Contains)))
            {
                _half.Add(node);
            }

            if (!_half.Contains(node))
            {
                full.UnionWith(node.Outputs);
            }
        }
    }

    private bool IsUndecided(OnnxNode node) => !_half.Contains(node) && !_reasons.ContainsKey(node);

    private bool IsFloat(OnnxNode node) => _types.Own(node, Signature(node)) == OnnxElementType.Float;

    private IEnumerable<string> OwnInputs(OnnxNode node)
    {
        OperatorSignature signature = Signature(node);
        return node.Inputs.Where((input, i) => signature.IsOwn(i) && input.Length > 0);
    }

    private WeightRange? Beyond(string value)
    {
        if (_weights.TryGetValue(value, out OnnxInitializer? weight) && _scan?.Measure(weight) is { Fits: false } range)
        {
            return range;
        }

        return _beyond.GetValueOrDefault(value);
    }

    private static OperatorSignature Signature(OnnxNode node) => OperatorTable.Find(node.OperatorType)!;
}
