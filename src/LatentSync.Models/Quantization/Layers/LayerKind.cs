namespace LatentSync.Models.Quantization.Layers;

/// <summary>What a layer with weights does in its network, as far as levels of quantization tell layers apart.</summary>
public enum LayerKind
{
    /// <summary>A convolution.</summary>
    Convolution,

    /// <summary>A layer of a transformer's feed-forward part.</summary>
    FeedForward,

    /// <summary>A projection to queries, keys or values.</summary>
    AttentionProjection,

    /// <summary>Any other matrix: projections into and out of transformers, attention's last layer.</summary>
    OtherLinear,
}
