namespace LatentSync.Models.Quantization.Recipes;

/// <summary>Which kinds of layers are quantized; each level holds the ones before it. After NVIDIA's levels for diffusion models.</summary>
public enum QuantizationLevel
{
    /// <summary>None but those that a recipe lists.</summary>
    None,

    /// <summary>Convolutions.</summary>
    Conv,

    /// <summary>And the transformers' feed-forward layers.</summary>
    FeedForward,

    /// <summary>And the projections to queries, keys and values.</summary>
    Attention,

    /// <summary>Every layer with weights.</summary>
    All,
}
