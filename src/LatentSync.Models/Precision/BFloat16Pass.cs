using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Precision;

/// <summary>
/// bfloat16 for strongly typed engines: what <see cref="Float16Pass"/> does, with a type that holds every float32 magnitude, so that no weight is kept back for
/// its size, and with 8 bits of precision instead of 11. Graph in, graph out: nothing is written.
/// </summary>
public static class BFloat16Pass
{
    /// <summary>Applies the pass.</summary>
    /// <param name="graph">A network whose constants can be read.</param>
    /// <param name="recipe">What stays in float32.</param>
    /// <param name="cancellationToken">Stops between windows of weights.</param>
    /// <returns>The network; its report counts bfloat16 nodes as it counts float16 ones.</returns>
    /// <exception cref="LatentSyncException">The graph has an operator or types that the pass does not know.</exception>
    public static Float16Result Apply(OnnxGraph graph, Float16Recipe recipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(recipe);
        return Float16Pass.Apply(graph, recipe, OnnxElementType.BFloat16, graph.Name, cancellationToken);
    }
}
