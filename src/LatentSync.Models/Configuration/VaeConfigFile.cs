using System.Text.Json;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Configuration;

/// <summary>Reads the <c>config.json</c> of a diffusers AutoencoderKL.</summary>
public static class VaeConfigFile
{
    private const int MaxLevels = 8;
    private const int MaxWidth = 1 << 16;

    /// <summary>Reads the file; keys that old files leave out have diffusers' defaults.</summary>
    /// <param name="path">The <c>config.json</c>.</param>
    /// <exception cref="LatentSyncException">The file is missing, is not JSON, or describes a network that this engine does not build.</exception>
    public static VaeConfig Load(string path)
    {
        using JsonDocument document = ConfigFile.ParseJson(ConfigFile.ReadText(path, "a VAE's config.json"), path);
        return Read(new ConfigSection(document.RootElement, path, string.Empty));
    }

    private static VaeConfig Read(ConfigSection section)
    {
        VaeConfig defaults = new();
        section.Only("_class_name", "AutoencoderKL");
        IReadOnlyList<int> channels = section.Ints("block_out_channels", defaults.BlockOutChannels, MaxLevels, 1, MaxWidth);
        VaeConfig config = new()
        {
            InChannels = section.Int("in_channels", defaults.InChannels, 1, MaxWidth),
            OutChannels = section.Int("out_channels", defaults.OutChannels, 1, MaxWidth),
            DownBlockTypes = BlockTypes(section, "down_block_types", "DownEncoderBlock2D", channels.Count),
            UpBlockTypes = BlockTypes(section, "up_block_types", "UpDecoderBlock2D", channels.Count),
            BlockOutChannels = channels,
            LayersPerBlock = section.Int("layers_per_block", defaults.LayersPerBlock, 1, 64),
            ActFn = section.Choice("act_fn", defaults.ActFn, "silu", "swish"),
            LatentChannels = section.Int("latent_channels", defaults.LatentChannels, 1, MaxWidth),
            NormNumGroups = section.Int("norm_num_groups", defaults.NormNumGroups, 1, MaxWidth),
            MidBlockAddAttention = section.Bool("mid_block_add_attention", defaults.MidBlockAddAttention),
            UseQuantConv = section.Bool("use_quant_conv", defaults.UseQuantConv),
            UsePostQuantConv = section.Bool("use_post_quant_conv", defaults.UsePostQuantConv),
            ScalingFactor = section.Number("scaling_factor", defaults.ScalingFactor, 1e-6, 1e6),
            ShiftFactor = section.Number("shift_factor", defaults.ShiftFactor, -1e6, 1e6),
        };

        // Statistics per channel replace the two factors above; no LatentSync model has them.
        section.OnlyEmpty("latents_mean");
        section.OnlyEmpty("latents_std");
        section.PassOver("sample_size", "force_upcast");
        section.PassOver([.. section.Keys.Where(key => key.StartsWith('_'))]);
        section.RefuseUnread();
        LatentSyncConfigReader.NameFile(section.File, () => VaeConfigCheck.Check(config));
        return config;
    }

    private static IReadOnlyList<string> BlockTypes(ConfigSection section, string key, string only, int levels)
    {
        IReadOnlyList<string> types = section.Texts(key, [.. Enumerable.Repeat(only, levels)], MaxLevels);
        return types.Count == levels && levels > 0 && types.All(type => type == only)
            ? types
            : throw section.Unsupported(key, $"[{string.Join(", ", types)}]", $"{only} for each of block_out_channels ({levels})");
    }
}
