namespace LatentSync.Models.Graphs;

/// <summary>
/// The architecture of the motion modules: <c>motion_module_kwargs</c> of the original's YAML, for <c>motion_module_type: Vanilla</c>. Defaults are
/// the original class's own (the official files set every key). Immutable.
/// </summary>
public sealed record MotionModuleConfig
{
    /// <summary>Heads of the temporal attentions (<c>num_attention_heads</c>).</summary>
    public int NumAttentionHeads { get; init; } = 8;

    /// <summary>Transformer blocks in a motion module (<c>num_transformer_block</c>).</summary>
    public int NumTransformerBlocks { get; init; } = 2;

    /// <summary>The attentions of a transformer block in order (<c>attention_block_types</c>); only <c>Temporal_Self</c> exists in LatentSync.</summary>
    public IReadOnlyList<string> AttentionBlockTypes { get; init; } = ["Temporal_Self", "Temporal_Self"];

    /// <summary>Whether a stored position encoding is added before queries, keys and values (<c>temporal_position_encoding</c>).</summary>
    public bool TemporalPositionEncoding { get; init; }

    /// <summary>Frames that the position encoding covers: the longest chunk (<c>temporal_position_encoding_max_len</c>).</summary>
    public int TemporalPositionEncodingMaxLength { get; init; } = 24;

    /// <summary>Divides the width of the temporal attentions (<c>temporal_attention_dim_div</c>).</summary>
    public int TemporalAttentionDimDiv { get; init; } = 1;
}
