namespace LatentSync.Models.Packs;

/// <summary>What was done to one network of a quantized pack, in the words of recipes.</summary>
public sealed record QuantizedComponent
{
    /// <summary>One of <see cref="PackComponentName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What chosen layers compute in.</summary>
    public required string Precision { get; init; }

    /// <summary>What everything else computes in.</summary>
    public required string Rest { get; init; }

    /// <summary>Which kinds of layers were chosen; null where a whole network changed its type.</summary>
    public string? Level { get; init; }

    /// <summary>How ranges were taken, such as <c>percentile 99.99</c>; null without a calibration.</summary>
    public string? Range { get; init; }

    /// <summary>Layers listed to be chosen.</summary>
    public required IReadOnlyList<string> Quantize { get; init; }

    /// <summary>Layers listed to be kept.</summary>
    public required IReadOnlyList<string> Keep { get; init; }

    /// <summary>Layers that were not chosen, each with the reason: <c>layer: reason</c>.</summary>
    public required IReadOnlyList<string> Excluded { get; init; }

    /// <summary>Nodes with weights.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Those that were chosen.</summary>
    public required int QuantizedLayerCount { get; init; }

    /// <summary>Their share of the weights, 0 to 1.</summary>
    public required double QuantizedWeightShare { get; init; }

    /// <summary>Runs of the network that its calibration saw; null without one.</summary>
    public int? CalibrationRuns { get; init; }

    /// <summary>SHA-256 over the files of the network that it was made of.</summary>
    public required string SourceSha256 { get; init; }
}
