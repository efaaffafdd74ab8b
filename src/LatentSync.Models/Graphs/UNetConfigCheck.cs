using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>Refuses configurations that the builder would misread, naming the key.</summary>
internal static class UNetConfigCheck
{
    public static void Check(UNetConfig config)
    {
        int levels = config.BlockOutChannels.Count;
        Require(levels > 0 && config.BlockOutChannels.All(c => c is > 0 and <= 1 << 20), "block_out_channels", "must list the channels of each level");
        Require(config.DownBlockTypes.Count == levels, "down_block_types", $"must have {levels} entries, as block_out_channels has");
        Require(config.UpBlockTypes.Count == levels, "up_block_types", $"must have {levels} entries, as block_out_channels has");
        RequireOneOf(config.DownBlockTypes, "down_block_types", "CrossAttnDownBlock3D", "DownBlock3D");
        RequireOneOf(config.UpBlockTypes, "up_block_types", "CrossAttnUpBlock3D", "UpBlock3D");
        RequireOneOf([config.MidBlockType], "mid_block_type", "UNetMidBlock3DCrossAttn");
        RequireOneOf([config.ActFn], "act_fn", "silu", "swish");
        Require(config.InChannels > 0, "in_channels", "must be positive");
        Require(config.OutChannels > 0, "out_channels", "must be positive");
        Require(config.LayersPerBlock > 0, "layers_per_block", "must be positive");
        Require(config.CrossAttentionDim > 0, "cross_attention_dim", "must be positive");
        Require(config.DownsamplePadding > 0, "downsample_padding", "must be at least 1 (the original does not implement 0)");
        Require(config.MidBlockScaleFactor != 0, "mid_block_scale_factor", "must not be 0");
        Require(config.NormEps > 0, "norm_eps", "must be positive");
        Require(config.NormNumGroups > 0 && config.BlockOutChannels.All(c => c % config.NormNumGroups == 0), "norm_num_groups", "must divide every number of channels");
        Require(config.BlockOutChannels[0] % 2 == 0, "block_out_channels", "must start with an even number: the time embedding is half sines, half cosines");
        Require(config.AttentionHeads.Count == 1 || config.AttentionHeads.Count == levels, "attention_head_dim", $"must be one number or {levels}");
        for (int level = 0; level < levels; level++)
        {
            int heads = Heads(config, level);
            Require(heads > 0 && config.BlockOutChannels[level] % heads == 0, "attention_head_dim", $"(a number of heads) must divide the {config.BlockOutChannels[level]} channels of level {level}");
        }

        if (config.UseMotionModule)
        {
            CheckMotion(config);
        }
    }

    /// <summary>Heads of the spatial attentions at a level, 0 the highest resolution.</summary>
    public static int Heads(UNetConfig config, int level) => config.AttentionHeads[config.AttentionHeads.Count == 1 ? 0 : level];

    private static void CheckMotion(UNetConfig config)
    {
        MotionModuleConfig motion = config.MotionModule;
        Require(motion.NumAttentionHeads > 0, "motion_module_kwargs.num_attention_heads", "must be positive");
        Require(motion.NumTransformerBlocks > 0, "motion_module_kwargs.num_transformer_block", "must be positive");
        Require(motion.TemporalAttentionDimDiv > 0, "motion_module_kwargs.temporal_attention_dim_div", "must be positive");
        Require(motion.TemporalPositionEncodingMaxLength > 0, "motion_module_kwargs.temporal_position_encoding_max_len", "must be positive");
        RequireOneOf(motion.AttentionBlockTypes, "motion_module_kwargs.attention_block_types", "Temporal_Self");
        for (int level = 0; level < config.BlockOutChannels.Count; level++)
        {
            int channels = config.BlockOutChannels[level];
            if (!HasMotion(config, level))
            {
                continue;
            }

            Require(channels % MotionModuleGraph.Groups == 0, "block_out_channels", $"must be multiples of {MotionModuleGraph.Groups} where there are motion modules");
            Require(MotionModuleGraph.InnerWidth(channels, motion) > 0, "motion_module_kwargs.num_attention_heads", $"is too large for {channels} channels");
        }
    }

    private static bool HasMotion(UNetConfig config, int level)
    {
        int last = config.BlockOutChannels.Count - 1;
        return UNetGraphBuilder.HasDownMotion(config, level) || UNetGraphBuilder.HasUpMotion(config, last - level) || (level == last && config.MotionModuleMidBlock);
    }

    private static void RequireOneOf(IReadOnlyList<string> values, string key, params string[] known)
    {
        foreach (string value in values)
        {
            Require(known.Contains(value), key, $"'{value}' is not supported; known: {string.Join(", ", known)}");
        }
    }

    private static void Require(bool condition, string key, string what)
    {
        if (!condition)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"model configuration, 'model.{key}': {what}; correct the configuration file");
        }
    }
}
