namespace LatentSync.Models.Quantization.Layers;

/// <summary>What was decided of one layer.</summary>
/// <param name="Layer">The checkpoint's key of the module.</param>
/// <param name="Node">The node in the graph; it begins with the layer's name.</param>
/// <param name="Kind">What the layer does.</param>
/// <param name="WeightCount">Elements of its weight.</param>
/// <param name="IsChosen">Whether it is quantized.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record LayerDecision(string Layer, string Node, LayerKind Kind, long WeightCount, bool IsChosen, string Reason);
