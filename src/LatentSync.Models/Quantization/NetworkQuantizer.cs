using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Layers;
using LatentSync.Models.Quantization.Passes;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization;

/// <summary>Applies a recipe to one network. Graph in, graph out: nothing is written.</summary>
public static class NetworkQuantizer
{
    private const string MetadataKey = "latentsync.quantization";

    // Q/DQ pairs of the quantizing pass: in a network of 16 bits they compute in its type, or every layer would read through a cast.
    private static readonly string[] s_pairs = ["*/read_quantize", "*/read_dequantize", "*/quantize", "*/dequantize"];

    /// <summary>Applies a recipe.</summary>
    /// <param name="graph">A network of a pack, in float32; its constants can be read.</param>
    /// <param name="recipe">What is wanted of it.</param>
    /// <param name="target">The runtime that it is made for.</param>
    /// <param name="statistics">What a calibration saw of it; null without one, which some recipes do without.</param>
    /// <param name="source">What errors name: the graph's file.</param>
    /// <param name="cancellationToken">Stops between windows of weights.</param>
    /// <exception cref="LatentSyncException">
    /// A list names what the network does not have, a calibration is missing or lacks a value, or the graph has an operator that the passes do not know.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static QuantizedNetwork Apply(
        OnnxGraph graph, NetworkRecipe recipe, QuantizationTarget target, NetworkStatistics? statistics, string source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (recipe.NeedsCalibration && statistics is null)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{source}: {RecipeWords.Of(RecipeWords.Precisions, recipe.Precision)} needs ranges of activations; give --calibration");
        }

        QuantizedNetwork result = recipe.Precision switch
        {
            NetworkPrecision.Fp32 => new QuantizedNetwork(graph, new QuantizationReport([], null)),
            NetworkPrecision.Fp16 or NetworkPrecision.BFloat16 => Reduce(graph, recipe, recipe.Precision, statistics, [], source, cancellationToken),
            _ => Quantize(graph, recipe, target, statistics, source, cancellationToken),
        };
        TargetOperators.Check(result.Graph, target, source);
        return result;
    }

    private static QuantizedNetwork Quantize(
        OnnxGraph graph, NetworkRecipe recipe, QuantizationTarget target, NetworkStatistics? statistics, string source, CancellationToken cancellationToken)
    {
        LayerSelection selection = LayerSelection.Make(graph, recipe, source);
        float largestWeight = recipe.WeightBits == 7 ? sbyte.MaxValue / 2 : sbyte.MaxValue;
        OnnxGraph quantized = recipe.Precision == NetworkPrecision.Int8Dynamic
            ? new DynamicInt8Pass(selection, largestWeight, cancellationToken).Apply(graph)
            : new QdqPass(selection, statistics?.Ranges(recipe, source), Form(recipe, target, largestWeight), cancellationToken).Apply(graph);
        quantized = WithNote(quantized, recipe, target);
        if (recipe.Rest == NetworkPrecision.Fp32)
        {
            return new QuantizedNetwork(quantized, new QuantizationReport(selection.Decisions, null));
        }

        QuantizedNetwork reduced = Reduce(quantized, recipe with { Keep = [], Quantize = [] }, recipe.Rest, statistics, s_pairs, source, cancellationToken);
        return reduced with { Report = reduced.Report with { Layers = selection.Decisions } };
    }

    private static QdqForm Form(NetworkRecipe recipe, QuantizationTarget target, float largestWeight)
    {
        QdqForm form = new(recipe.Precision == NetworkPrecision.Fp8 ? OnnxElementType.Float8E4M3FN : OnnxElementType.Int8)
        {
            WeightsOnly = recipe.Precision == NetworkPrecision.WeightOnly,
            HasHalfScales = recipe.Rest == NetworkPrecision.Fp16,
            HasUnsignedActivations = target == QuantizationTarget.OnnxCpu && recipe.Precision == NetworkPrecision.Int8,
            QuantizesConvolutionResults = target == QuantizationTarget.OnnxCpu && recipe.Precision == NetworkPrecision.Int8,
            QuantizesBiases = target == QuantizationTarget.OnnxCpu && recipe.Precision == NetworkPrecision.Int8,
        };
        return recipe.Precision == NetworkPrecision.Fp8 ? form : form with { LargestWeightCode = largestWeight };
    }

    private static QuantizedNetwork Reduce(
        OnnxGraph graph, NetworkRecipe recipe, NetworkPrecision precision, NetworkStatistics? statistics, IReadOnlyList<string> reduced, string source, CancellationToken cancellationToken)
    {
        OnnxElementType type = precision == NetworkPrecision.Fp16 ? OnnxElementType.Float16 : OnnxElementType.BFloat16;
        Float16Recipe wanted = new()
        {
            Float32Nodes = [.. Float16Recipe.Default.Float32Nodes, .. NodesOf(graph, recipe.Keep, "keep", source)],
            Float16Nodes = [.. reduced, .. NodesOf(graph, recipe.Quantize, "quantize", source)],
            Magnitudes = type == OnnxElementType.Float16 && statistics is not null ? statistics.Magnitudes() : Float16Recipe.Default.Magnitudes,
            OverflowLimit = recipe.OverflowLimit,
        };
        Float16Result result = Float16Pass.Apply(graph, wanted, type, source, cancellationToken);
        return new QuantizedNetwork(result.Graph, new QuantizationReport([], result.Report));
    }

    // Lists hold layers' names; each stands for its own nodes, those that it keeps beside it (LAYER/...) included.
    private static IEnumerable<string> NodesOf(OnnxGraph graph, IReadOnlyList<string> patterns, string list, string source)
    {
        foreach (string pattern in patterns)
        {
            string[] nodes = [.. graph.Nodes.Select(node => node.Name).Where(name => NodePattern.Matches(pattern, name) || NodePattern.Matches(pattern, name.Split('/')[0]))];
            if (nodes.Length == 0)
            {
                throw LayerSelection.Stray(source, pattern, list, graph.Nodes.Select(node => node.Name.Split('/')[0]).FirstOrDefault(name => name.Contains('.', StringComparison.Ordinal)));
            }

            foreach (string node in nodes)
            {
                yield return node;
            }
        }
    }

    private static OnnxGraph WithNote(OnnxGraph graph, NetworkRecipe recipe, QuantizationTarget target) => graph with
    {
        Metadata =
        [
            .. graph.Metadata.Where(entry => entry.Key != MetadataKey),
            KeyValuePair.Create(MetadataKey, $"{RecipeWords.Of(RecipeWords.Precisions, recipe.Precision)} for {RecipeWords.Of(RecipeWords.Targets, target)}"),
        ],
    };
}
