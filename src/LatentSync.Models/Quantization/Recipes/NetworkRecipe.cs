namespace LatentSync.Models.Quantization.Recipes;

/// <summary>What becomes of one network. Lists hold names of the checkpoint's layers, with the wildcards <c>*</c> and <c>?</c>. Immutable.</summary>
public sealed record NetworkRecipe
{
    /// <summary>
    /// Layers that stay as they are by default: time embedding and its projections, the first and the last convolution, shortcuts, output norms; of the VAE
    /// also the two 1x1 convolutions at the latents. NVIDIA's recipes leave the same ones out.
    /// </summary>
    public static IReadOnlyList<string> DefaultExclusions { get; } =
    [
        "time_embedding*", "*.time_emb_proj", "conv_in", "*.conv_in", "conv_out", "*.conv_out", "*.conv_shortcut", "*norm_out", "quant_conv", "post_quant_conv",
    ];

    /// <summary>What the layers that are chosen compute in.</summary>
    public required NetworkPrecision Precision { get; init; }

    /// <summary>What everything else computes in: fp32, fp16 or bf16.</summary>
    public NetworkPrecision Rest { get; init; }

    /// <summary>Which kinds of layers are chosen.</summary>
    public QuantizationLevel Level { get; init; } = QuantizationLevel.All;

    /// <summary>Layers that are chosen although the level or the default exclusions say otherwise.</summary>
    public IReadOnlyList<string> Quantize { get; init; } = [];

    /// <summary>Layers that are never chosen; this outweighs everything else. In half precision: that stay in float32.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>How ranges follow from the calibration.</summary>
    public RangeMethod Range { get; init; } = RangeMethod.Percentile;

    /// <summary>The share of elements in percent that a range holds, with <see cref="RangeMethod.Percentile"/>.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>
    /// Bits of integer weights, 8 or 7. Processors without VNNI add pairs of products in 16 bits: 7 bits keep those sums from saturating.
    /// </summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Magnitude in the calibration beyond which what a layer reads or makes stays in float32 where the rest goes to fp16.</summary>
    public double OverflowLimit { get; init; } = 512;

    /// <summary>Whether ranges of activations are needed, so that there must be a calibration.</summary>
    public bool NeedsCalibration => Precision is NetworkPrecision.Int8 or NetworkPrecision.Fp8;

    /// <summary>Whether single layers are chosen, and the rest left or reduced; else the network changes its type as a whole, or not at all.</summary>
    public bool ChoosesLayers => Precision is NetworkPrecision.Int8 or NetworkPrecision.Int8Dynamic or NetworkPrecision.Fp8 or NetworkPrecision.WeightOnly;
}
