using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Precision;

/// <summary>
/// Half precision for strongly typed engines: float16 constants and operators, float32 islands where the recipe asks for them, Casts between
/// the two and at the edges. Inputs and outputs keep names and types; integers and shapes are not touched. Graph in, graph out: nothing is written.
/// </summary>
public static class Float16Pass
{
    private const string MetadataKey = "latentsync.precision";

    /// <summary>Applies the pass. Weights that may be rounded are read once, to see whether half precision holds them.</summary>
    /// <param name="graph">A network whose constants can be read.</param>
    /// <param name="recipe">What stays in float32.</param>
    /// <param name="cancellationToken">Stops between windows of weights.</param>
    /// <exception cref="LatentSyncException">The graph has an operator or types that the pass does not know, or its weights cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Float16Result Apply(OnnxGraph graph, Float16Recipe recipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(recipe);
        return Apply(graph, recipe, OnnxElementType.Float16, graph.Name, cancellationToken);
    }

    /// <summary>Applies the pass, or the same for bfloat16, to a graph that errors shall call by its file.</summary>
    internal static Float16Result Apply(OnnxGraph graph, Float16Recipe recipe, OnnxElementType type, string source, CancellationToken cancellationToken)
    {
        if (graph.Opset > OperatorTable.NewestOpset)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{source}: its operators are of ONNX's set {graph.Opset}, engines are built of sets up to {OperatorTable.NewestOpset}; import the checkpoints again with this version");
        }

        GraphTypes types = GraphTypes.Infer(graph, source);
        WeightScan scan = new(cancellationToken);
        Float16Plan plan = Float16Plan.Make(graph, types, recipe, type == OnnxElementType.Float16 ? scan : null);
        Float16Rewriter rewriter = new(graph, types, plan, type);
        OnnxGraph result = rewriter.Rewrite() with
        {
            Metadata = [.. graph.Metadata.Where(entry => entry.Key != MetadataKey), KeyValuePair.Create(MetadataKey, type == OnnxElementType.Float16 ? "fp16" : "bf16")],
        };

        // A strongly typed network must not hold one node whose types do not fit: better found here than by the engine's builder.
        GraphTypes.Infer(result, source);
        WeightRange[] notable = [.. scan.Ranges.Where(range => range.IsNotable && (!range.Fits || rewriter.IsHalfWeight(range.Name)))];
        return new Float16Result(result, new Float16Report(graph.Nodes.Count(plan.IsHalf), plan.Float32Nodes(), rewriter.CastCount, notable));
    }
}
