namespace LatentSync.Models.Packs;

/// <summary>What was done to one network of a quantized pack, in the words of recipes.</summary>
/// <param name="Name">One of <see cref="PackComponentName"/>.</param>
/// <param name="Precision">What chosen layers compute in.</param>
/// <param name="Rest">What everything else computes in.</param>
/// <param name="Level">Which kinds of layers were chosen; null where a whole network changed its type.</param>
/// <param name="Range">How ranges were taken, such as <c>percentile 99.99</c>; null without a calibration.</param>
/// <param name="Quantize">Layers listed to be chosen.</param>
/// <param name="Keep">Layers listed to be kept.</param>
/// <param name="Excluded">Layers that were not chosen, each with the reason: <c>layer: reason</c>.</param>
/// <param name="LayerCount">Layers with weights.</param>
/// <param name="QuantizedLayerCount">Layers that were chosen.</param>
/// <param name="QuantizedWeightShare">Their share of the weights, 0 to 1.</param>
/// <param name="CalibrationRuns">Runs of the network that its calibration saw; null without one.</param>
/// <param name="SourceSha256">SHA-256 over the files of the network that it was made of.</param>
public sealed record QuantizedComponent(
    string Name,
    string Precision,
    string Rest,
    string? Level,
    string? Range,
    IReadOnlyList<string> Quantize,
    IReadOnlyList<string> Keep,
    IReadOnlyList<string> Excluded,
    int LayerCount,
    int QuantizedLayerCount,
    double QuantizedWeightShare,
    int? CalibrationRuns,
    string SourceSha256);
