using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Rewrites;

/// <summary>A rewrite of a network: graph in, graph out, nothing written. Weights stay where they are, new constants are small.</summary>
public interface IGraphPass
{
    /// <summary>What reports and options call it.</summary>
    string Name { get; }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="graph">The network; it is not changed.</param>
    /// <exception cref="LatentSyncException">The graph is not built as the pass needs it.</exception>
    OnnxGraph Apply(OnnxGraph graph);
}
