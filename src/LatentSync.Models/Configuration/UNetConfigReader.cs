using System.Text.Json;
using LatentSync.Models.Graphs;

namespace LatentSync.Models.Configuration;

/// <summary>
/// The rules of the YAML's <c>model</c> section. Every key shapes the network, so none is passed over unless it is known to leave inference
/// as it is. Keys and defaults: the constructor of the original's UNet3DConditionModel and VanillaTemporalModule.
/// </summary>
internal static class UNetConfigReader
{
    private const int MaxLevels = 8;
    private const int MaxWidth = 1 << 16;

    public static UNetConfig Read(ConfigSection model)
    {
        UNetConfig defaults = new();
        UNetConfig config = new()
        {
            InChannels = model.Int("in_channels", defaults.InChannels, 1, MaxWidth),
            OutChannels = model.Int("out_channels", defaults.OutChannels, 1, MaxWidth),
            CenterInputSample = model.Bool("center_input_sample", defaults.CenterInputSample),
            FlipSinToCos = model.Bool("flip_sin_to_cos", defaults.FlipSinToCos),
            FreqShift = model.Number("freq_shift", defaults.FreqShift, -1000, 1000),
            DownBlockTypes = BlockTypes(model, "down_block_types", defaults.DownBlockTypes, "CrossAttnDownBlock3D", "DownBlock3D"),
            MidBlockType = model.Choice("mid_block_type", defaults.MidBlockType, "UNetMidBlock3DCrossAttn"),
            UpBlockTypes = BlockTypes(model, "up_block_types", defaults.UpBlockTypes, "CrossAttnUpBlock3D", "UpBlock3D"),
            BlockOutChannels = model.Ints("block_out_channels", defaults.BlockOutChannels, MaxLevels, 1, MaxWidth),
            LayersPerBlock = model.Int("layers_per_block", defaults.LayersPerBlock, 1, 64),
            DownsamplePadding = model.Int("downsample_padding", defaults.DownsamplePadding, 1, 64),
            MidBlockScaleFactor = model.Number("mid_block_scale_factor", defaults.MidBlockScaleFactor, 1e-6, 1e6),
            ActFn = model.Choice("act_fn", defaults.ActFn, "silu", "swish"),
            NormNumGroups = model.Int("norm_num_groups", defaults.NormNumGroups, 1, MaxWidth),
            NormEps = model.Number("norm_eps", defaults.NormEps, double.Epsilon, 1),
            CrossAttentionDim = model.Int("cross_attention_dim", defaults.CrossAttentionDim, 1, MaxWidth),
            AttentionHeads = Heads(model, defaults.AttentionHeads),
            UseInflatedGroupNorm = model.Bool("use_inflated_groupnorm", defaults.UseInflatedGroupNorm),
            AddAudioLayer = model.Bool("add_audio_layer", defaults.AddAudioLayer),
            UseMotionModule = model.Bool("use_motion_module", defaults.UseMotionModule),
            MotionModuleResolutions = model.Ints("motion_module_resolutions", defaults.MotionModuleResolutions, 32, 1, MaxWidth),
            MotionModuleMidBlock = model.Bool("motion_module_mid_block", defaults.MotionModuleMidBlock),
            MotionModuleDecoderOnly = model.Bool("motion_module_decoder_only", defaults.MotionModuleDecoderOnly),
            MotionModule = MotionModule(model),
        };
        CheckLevels(model, config);
        RefuseOtherArchitectures(model, config);
        model.PassOver("sample_size");
        model.PassOver([.. model.Keys.Where(key => key.StartsWith('_'))]);
        model.RefuseUnread();
        return config;
    }

    private static MotionModuleConfig MotionModule(ConfigSection model)
    {
        MotionModuleConfig defaults = new();
        if (model.Section("motion_module_kwargs") is not { } kwargs)
        {
            return defaults;
        }

        MotionModuleConfig config = new()
        {
            NumAttentionHeads = kwargs.Int("num_attention_heads", defaults.NumAttentionHeads, 1, MaxWidth),
            NumTransformerBlocks = kwargs.Int("num_transformer_block", defaults.NumTransformerBlocks, 1, 64),
            AttentionBlockTypes = BlockTypes(kwargs, "attention_block_types", defaults.AttentionBlockTypes, "Temporal_Self"),
            TemporalPositionEncoding = kwargs.Bool("temporal_position_encoding", defaults.TemporalPositionEncoding),
            TemporalPositionEncodingMaxLength = kwargs.Int("temporal_position_encoding_max_len", defaults.TemporalPositionEncodingMaxLength, 1, MaxWidth),
            TemporalAttentionDimDiv = kwargs.Int("temporal_attention_dim_div", defaults.TemporalAttentionDimDiv, 1, MaxWidth),
        };
        kwargs.OnlyEmpty("cross_frame_attention_mode");

        // Says how training began; the checkpoint holds where it ended.
        kwargs.PassOver("zero_initialize");
        kwargs.RefuseUnread();
        return config;
    }

    private static IReadOnlyList<string> BlockTypes(ConfigSection section, string key, IReadOnlyList<string> fallback, params ReadOnlySpan<string> allowed)
    {
        IReadOnlyList<string> types = section.Texts(key, fallback, MaxLevels);
        foreach (string type in types)
        {
            if (!allowed.Contains(type))
            {
                throw section.Unsupported(key, $"'{type}'", string.Join(" or ", allowed.ToArray()));
            }
        }

        return types.Count > 0 ? types : throw section.Unsupported(key, "an empty list", string.Join(" or ", allowed.ToArray()));
    }

    // The key names a width but is a number of heads: one for all levels, or one for each.
    private static IReadOnlyList<int> Heads(ConfigSection model, IReadOnlyList<int> fallback) =>
        model.Find("attention_head_dim") is { ValueKind: JsonValueKind.Array }
            ? model.Ints("attention_head_dim", null, MaxLevels, 1, MaxWidth)
            : [model.Int("attention_head_dim", fallback[0], 1, MaxWidth)];

    private static void CheckLevels(ConfigSection model, UNetConfig config)
    {
        int levels = config.BlockOutChannels.Count;
        if (levels == 0)
        {
            throw model.Unsupported("block_out_channels", "an empty list", "a width for each level");
        }

        CheckCount(model, "down_block_types", config.DownBlockTypes.Count, levels);
        CheckCount(model, "up_block_types", config.UpBlockTypes.Count, levels);
        if (config.AttentionHeads.Count != 1)
        {
            CheckCount(model, "attention_head_dim", config.AttentionHeads.Count, levels);
        }
    }

    private static void CheckCount(ConfigSection model, string key, int count, int levels)
    {
        if (count != levels)
        {
            throw model.Unsupported(key, $"a list of {count} values", $"{levels}, as many as block_out_channels has");
        }
    }

    private static void RefuseOtherArchitectures(ConfigSection model, UNetConfig config)
    {
        foreach (string key in (ReadOnlySpan<string>)
            ["only_cross_attention", "dual_cross_attention", "use_linear_projection", "unet_use_cross_frame_attention", "unet_use_temporal_attention", "custom_audio_layer"])
        {
            model.Only(key, supported: false);
        }

        model.OnlyEmpty("class_embed_type");
        model.OnlyEmpty("num_class_embeds");
        model.Only("resnet_time_scale_shift", "default");
        model.Only("audio_condition_method", "cross_attn");
        model.Only("motion_module_type", "Vanilla");
        if (config.UseMotionModule && !model.Has("motion_module_type"))
        {
            throw model.Unsupported("motion_module_type", "not set though use_motion_module is true", "Vanilla");
        }

        // Guards half precision against overflow; this engine's graphs are float32 there in any case.
        _ = model.Bool("upcast_attention", false);
    }
}
