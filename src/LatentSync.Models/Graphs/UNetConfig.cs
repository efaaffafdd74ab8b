namespace LatentSync.Models.Graphs;

/// <summary>
/// The architecture of a UNet3DConditionModel: the keys under <c>model:</c> of the original's YAML that shape the network. Defaults are the
/// original class's own defaults. Immutable; the graph builder checks it against itself and against the checkpoint.
/// </summary>
public sealed record UNetConfig
{
    /// <summary>Channels of the input (<c>in_channels</c>); LatentSync: 4 noise + 1 mask + 4 masked + 4 reference = 13.</summary>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the prediction (<c>out_channels</c>).</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>Whether the input is first mapped by 2x - 1 (<c>center_input_sample</c>).</summary>
    public bool CenterInputSample { get; init; }

    /// <summary>Whether the timestep's cosines come before its sines (<c>flip_sin_to_cos</c>).</summary>
    public bool FlipSinToCos { get; init; } = true;

    /// <summary>Subtracted from half the width in the timestep frequencies' denominator (<c>freq_shift</c>).</summary>
    public double FreqShift { get; init; }

    /// <summary>Block classes from high to low resolution (<c>down_block_types</c>): <c>CrossAttnDownBlock3D</c> or <c>DownBlock3D</c>.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = ["CrossAttnDownBlock3D", "CrossAttnDownBlock3D", "CrossAttnDownBlock3D", "DownBlock3D"];

    /// <summary>The middle block's class (<c>mid_block_type</c>): <c>UNetMidBlock3DCrossAttn</c>.</summary>
    public string MidBlockType { get; init; } = "UNetMidBlock3DCrossAttn";

    /// <summary>Block classes from low to high resolution (<c>up_block_types</c>): <c>CrossAttnUpBlock3D</c> or <c>UpBlock3D</c>.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } = ["UpBlock3D", "CrossAttnUpBlock3D", "CrossAttnUpBlock3D", "CrossAttnUpBlock3D"];

    /// <summary>Channels of each level, high to low resolution (<c>block_out_channels</c>); as many as there are down blocks.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [320, 640, 1280, 1280];

    /// <summary>ResNet blocks in a down block; an up block has one more (<c>layers_per_block</c>).</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Zero padding on every side of the stride-2 convolutions (<c>downsample_padding</c>), at least 1.</summary>
    public int DownsamplePadding { get; init; } = 1;

    /// <summary>Divisor of the middle block's ResNet outputs (<c>mid_block_scale_factor</c>).</summary>
    public double MidBlockScaleFactor { get; init; } = 1;

    /// <summary>Activation of the ResNet blocks (<c>act_fn</c>): <c>silu</c> or its other name <c>swish</c>.</summary>
    public string ActFn { get; init; } = "silu";

    /// <summary>Groups of every group norm but the motion modules' (<c>norm_num_groups</c>).</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Epsilon of the ResNet blocks' group norms (<c>norm_eps</c>).</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Width of the audio features (<c>cross_attention_dim</c>).</summary>
    public int CrossAttentionDim { get; init; } = 1280;

    /// <summary>
    /// Number of attention HEADS, in spite of the key's name (<c>attention_head_dim</c>): one value for all levels, or one for each level from
    /// high to low resolution. Head width is channels / heads.
    /// </summary>
    public IReadOnlyList<int> AttentionHeads { get; init; } = [8];

    /// <summary>Whether the ResNet blocks' group norms take statistics per frame (<c>use_inflated_groupnorm</c>) instead of over all frames.</summary>
    public bool UseInflatedGroupNorm { get; init; }

    /// <summary>Whether the transformers have a cross-attention to the audio features (<c>add_audio_layer</c>).</summary>
    public bool AddAudioLayer { get; init; }

    /// <summary>Whether there are motion modules at all (<c>use_motion_module</c>).</summary>
    public bool UseMotionModule { get; init; }

    /// <summary>
    /// Where motion modules are (<c>motion_module_resolutions</c>): down block i counts as 2^i, up block i as 2^(3-i), whatever the number of levels.
    /// </summary>
    public IReadOnlyList<int> MotionModuleResolutions { get; init; } = [1, 2, 4, 8];

    /// <summary>Whether the middle block has a motion module (<c>motion_module_mid_block</c>).</summary>
    public bool MotionModuleMidBlock { get; init; }

    /// <summary>Whether the down blocks have none (<c>motion_module_decoder_only</c>).</summary>
    public bool MotionModuleDecoderOnly { get; init; }

    /// <summary>The motion modules' architecture (<c>motion_module_kwargs</c>); read only if <see cref="UseMotionModule"/>.</summary>
    public MotionModuleConfig MotionModule { get; init; } = new();
}
