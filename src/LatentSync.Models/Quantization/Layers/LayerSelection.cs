using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Precision;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Layers;

/// <summary>Which layers of a network a recipe chooses. In this order: what it keeps, what it lists, the default exclusions, its level.</summary>
internal sealed class LayerSelection
{
    private readonly Dictionary<OnnxNode, QuantizableLayer> _chosen = new(ReferenceEqualityComparer.Instance);

    private LayerSelection(OnnxGraph graph, NetworkRecipe recipe, string source)
    {
        Source = source;
        List<LayerDecision> decisions = [];
        foreach (QuantizableLayer layer in LayerCatalog.Find(graph))
        {
            (bool chosen, string reason) = Decide(layer, recipe);
            decisions.Add(new LayerDecision(layer.Name, layer.Node.Name, layer.Kind, layer.Weight.Source.ElementCount, chosen, reason));
            if (chosen)
            {
                _chosen.Add(layer.Node, layer);
            }
        }

        Decisions = decisions;
    }

    /// <summary>What errors name: the graph's file.</summary>
    public string Source { get; }

    /// <summary>Every layer that could have been chosen, in the graph's order.</summary>
    public IReadOnlyList<LayerDecision> Decisions { get; }

    /// <summary>The chosen layers, in the graph's order.</summary>
    public IReadOnlyCollection<QuantizableLayer> Chosen => _chosen.Values;

    /// <summary>Selects.</summary>
    /// <param name="graph">A network in float32.</param>
    /// <param name="recipe">What is wanted of it.</param>
    /// <param name="source">What errors name: the graph's file.</param>
    /// <exception cref="LatentSyncException">A list names a layer that the network does not have, or nothing is chosen.</exception>
    public static LayerSelection Make(OnnxGraph graph, NetworkRecipe recipe, string source)
    {
        LayerSelection selection = new(graph, recipe, source);
        RequireMatches(selection.Decisions, recipe.Quantize, "quantize", source);
        RequireMatches(selection.Decisions, recipe.Keep, "keep", source);
        return selection.Chosen.Count > 0
            ? selection
            : throw new LatentSyncException(LatentSyncError.Usage, selection.Decisions.Count == 0
                ? $"{source}: it has no float32 layers to quantize; give a pack as 'latentsync models import' makes it"
                : $"{source}: the recipe chooses none of its {selection.Decisions.Count} layers; raise 'level' or list layers under 'quantize'");
    }

    /// <summary>The layer of a node if it is chosen, else null.</summary>
    public QuantizableLayer? Find(OnnxNode node) => _chosen.GetValueOrDefault(node);

    /// <summary>Refuses patterns that fit no layer: a misspelt name must not pass for a choice.</summary>
    private static void RequireMatches(IReadOnlyList<LayerDecision> layers, IReadOnlyList<string> patterns, string list, string source)
    {
        string? stray = patterns.FirstOrDefault(pattern => !layers.Any(layer => NodePattern.Matches(pattern, layer.Layer) || NodePattern.Matches(pattern, layer.Node)));
        if (stray is not null)
        {
            throw Stray(source, stray, list, layers.FirstOrDefault()?.Layer);
        }
    }

    /// <summary>The error of a pattern that fits nothing.</summary>
    internal static LatentSyncException Stray(string source, string pattern, string list, string? example)
    {
        return new LatentSyncException(
            LatentSyncError.Usage, $"{source}: no layer fits '{ManifestFile.Printable(pattern)}', which the recipe lists under '{list}'; correct it{(example is null ? string.Empty : $", names are such as '{example}'")}");
    }

    private static (bool Chosen, string Reason) Decide(QuantizableLayer layer, NetworkRecipe recipe) =>
        Match(recipe.Keep, layer) is { } kept ? (false, $"kept by the recipe ({kept})")
        : Match(recipe.Quantize, layer) is { } listed ? (true, $"listed by the recipe ({listed})")
        : Match(NetworkRecipe.DefaultExclusions, layer) is { } excluded ? (false, $"excluded by default ({excluded})")
        : recipe.Precision == NetworkPrecision.Int8Dynamic && layer.Kind == LayerKind.Convolution ? (false, "a convolution: ranges taken at run time serve matrix products only")
        : IsWithin(layer.Kind, recipe.Level) ? (true, $"level {RecipeWords.Of(RecipeWords.Levels, recipe.Level)}")
        : (false, $"beyond level {RecipeWords.Of(RecipeWords.Levels, recipe.Level)}");

    private static bool IsWithin(LayerKind kind, QuantizationLevel level) => level >= kind switch
    {
        LayerKind.Convolution => QuantizationLevel.Conv,
        LayerKind.FeedForward => QuantizationLevel.FeedForward,
        LayerKind.AttentionProjection => QuantizationLevel.Attention,
        _ => QuantizationLevel.All,
    };

    private static string? Match(IReadOnlyList<string> patterns, QuantizableLayer layer) =>
        NodePattern.FirstMatch(patterns, layer.Name) ?? NodePattern.FirstMatch(patterns, layer.Node.Name);
}
