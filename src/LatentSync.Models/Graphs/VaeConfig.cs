namespace LatentSync.Models.Graphs;

/// <summary>
/// The architecture of a diffusers AutoencoderKL: the keys of its <c>config.json</c> that shape the network. Defaults are those of the keys
/// that old files leave out. Immutable; the graph builder checks it against itself and against the checkpoint.
/// </summary>
public sealed record VaeConfig
{
    /// <summary>Channels of the pictures that the encoder reads (<c>in_channels</c>).</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Channels of the pictures that the decoder makes (<c>out_channels</c>).</summary>
    public int OutChannels { get; init; } = 3;

    /// <summary>Block classes of the encoder (<c>down_block_types</c>): <c>DownEncoderBlock2D</c> for each level.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"];

    /// <summary>Block classes of the decoder (<c>up_block_types</c>): <c>UpDecoderBlock2D</c> for each level.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } = ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"];

    /// <summary>Channels of each level, high to low resolution (<c>block_out_channels</c>).</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [128, 256, 512, 512];

    /// <summary>ResNet blocks in an encoder block; a decoder block has one more (<c>layers_per_block</c>).</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Activation (<c>act_fn</c>): <c>silu</c> or its other name <c>swish</c>.</summary>
    public string ActFn { get; init; } = "silu";

    /// <summary>Channels of the latents (<c>latent_channels</c>).</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Groups of every group norm (<c>norm_num_groups</c>).</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Whether the middle blocks have an attention (<c>mid_block_add_attention</c>).</summary>
    public bool MidBlockAddAttention { get; init; } = true;

    /// <summary>Whether the encoder ends in a 1x1 convolution (<c>use_quant_conv</c>).</summary>
    public bool UseQuantConv { get; init; } = true;

    /// <summary>Whether the decoder starts with a 1x1 convolution (<c>use_post_quant_conv</c>).</summary>
    public bool UsePostQuantConv { get; init; } = true;

    /// <summary>What the diffusion model's latents are multiplied by (<c>scaling_factor</c>); not part of the graphs.</summary>
    public double ScalingFactor { get; init; } = 0.18215;

    /// <summary>What is subtracted from latents before scaling (<c>shift_factor</c>, null read as 0); not part of the graphs.</summary>
    public double ShiftFactor { get; init; }

    /// <summary>Pixels per latent cell along one side: 2 to the power of (levels - 1).</summary>
    public int DownscaleFactor => 1 << (BlockOutChannels.Count - 1);
}
