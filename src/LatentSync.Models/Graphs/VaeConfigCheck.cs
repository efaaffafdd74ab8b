using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>Refuses configurations that the builder would misread, naming the key.</summary>
internal static class VaeConfigCheck
{
    public static void Check(VaeConfig config)
    {
        int levels = config.BlockOutChannels.Count;
        Require(levels is > 0 and < 16 && config.BlockOutChannels.All(c => c is > 0 and <= 1 << 20), "block_out_channels", "must list the channels of each level");
        Require(config.DownBlockTypes.Count == levels && config.DownBlockTypes.All(t => t == "DownEncoderBlock2D"), "down_block_types", $"must be {levels} times DownEncoderBlock2D");
        Require(config.UpBlockTypes.Count == levels && config.UpBlockTypes.All(t => t == "UpDecoderBlock2D"), "up_block_types", $"must be {levels} times UpDecoderBlock2D");
        Require(config.ActFn is "silu" or "swish", "act_fn", $"'{config.ActFn}' is not supported; known: silu, swish");
        Require(config.LayersPerBlock > 0, "layers_per_block", "must be positive");
        Require(config.LatentChannels > 0, "latent_channels", "must be positive");
        Require(config.InChannels > 0, "in_channels", "must be positive");
        Require(config.OutChannels > 0, "out_channels", "must be positive");
        Require(config.NormNumGroups > 0 && config.BlockOutChannels.All(c => c % config.NormNumGroups == 0), "norm_num_groups", "must divide every number of channels");
    }

    private static void Require(bool condition, string key, string what)
    {
        if (!condition)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"VAE configuration, '{key}': {what}; correct config.json");
        }
    }
}
