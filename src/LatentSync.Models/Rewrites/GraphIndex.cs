using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Rewrites;

/// <summary>Finds a graph's nodes by name and by the values that they make.</summary>
internal sealed class GraphIndex
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxNode> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxInitializer> _constants = new(StringComparer.Ordinal);

    public GraphIndex(OnnxGraph graph)
    {
        _graph = graph;
        foreach (OnnxNode node in graph.Nodes)
        {
            _byName.TryAdd(node.Name, node);
            foreach (string output in node.Outputs)
            {
                _producers.TryAdd(output, node);
            }
        }

        foreach (OnnxInitializer initializer in graph.Initializers)
        {
            _constants.TryAdd(initializer.Name, initializer);
        }
    }

    public OnnxNode? Find(string name) => _byName.GetValueOrDefault(name);

    public OnnxNode? Producer(string value) => _producers.GetValueOrDefault(value);

    public OnnxInitializer? Constant(string value) => _constants.GetValueOrDefault(value);

    /// <summary>The nodes that read a value.</summary>
    public IEnumerable<OnnxNode> Consumers(string value) => _graph.Nodes.Where(node => node.Inputs.Contains(value));

    public OnnxValueInfo Input(string name) => _graph.Inputs.FirstOrDefault(input => input.Name == name) ?? throw Refused($"it has no input '{name}'");

    /// <summary>What a pass says of a graph that it was not made for.</summary>
    public LatentSyncException Refused(string reason) =>
        new(LatentSyncError.Model, $"the network '{_graph.Name}' cannot be rewritten ({reason}); import the checkpoints again with this version");
}
