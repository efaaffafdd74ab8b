using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>
/// Builds the two halves of a diffusers AutoencoderKL from its checkpoint, which may use the current or the older names of the attention
/// layers. Batch, height and width are dynamic; height and width must be multiples of <see cref="VaeConfig.DownscaleFactor"/>.
/// </summary>
public static class VaeGraphBuilder
{
    // DiagonalGaussianDistribution's bounds of the log-variance.
    private const float MinLogVariance = -30;
    private const float MaxLogVariance = 20;

    /// <summary>
    /// The encoder: <c>sample</c> <c>[N,3,H,W]</c>, -1..1, to <c>latent_parameters</c> <c>[N,8,h,w]</c> (mean, then log-variance clamped to -30..20) and
    /// <c>latent_mean</c> <c>[N,4,h,w]</c>, for callers that ask for it alone; not scaled.
    /// </summary>
    /// <param name="config">The architecture.</param>
    /// <param name="checkpoint">The weights; must stay open until the graph is written.</param>
    /// <exception cref="LatentSyncException">
    /// The configuration is not supported, or the checkpoint lacks a tensor that it calls for, has it in another shape, or has more than it has a place for.
    /// </exception>
    public static OnnxGraph BuildEncoder(VaeConfig config, ICheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(checkpoint);
        VaeConfigCheck.Check(config);
        GraphAssembler graph = new();
        StateDict weights = new(checkpoint);
        VaeBlocks blocks = new(graph, weights, config);
        string x = graph.Input("sample", "batch", config.InChannels, "height", "width");
        int channels = config.BlockOutChannels[0], latents = config.LatentChannels;
        x = graph.Conv2D(weights, "encoder.conv_in", x, config.InChannels, channels, 3);
        for (int i = 0; i < config.BlockOutChannels.Count; i++)
        {
            for (int layer = 0; layer < config.LayersPerBlock; layer++)
            {
                x = blocks.Resnet($"encoder.down_blocks.{i}.resnets.{layer}", x, channels, config.BlockOutChannels[i]);
                channels = config.BlockOutChannels[i];
            }

            if (i < config.BlockOutChannels.Count - 1)
            {
                // Padded on the right and at the bottom only.
                x = graph.Conv2D(weights, $"encoder.down_blocks.{i}.downsamplers.0.conv", x, channels, channels, 3, stride: 2, [0, 0, 1, 1]);
            }
        }

        x = blocks.Middle("encoder.mid_block", x, channels);
        x = GroupNormGraph.NormalizeSilu(graph, weights, "encoder.conv_norm_out", x, channels, config.NormNumGroups, VaeBlocks.Epsilon);
        x = graph.Conv2D(weights, "encoder.conv_out", x, channels, 2 * latents, 3);
        if (config.UseQuantConv)
        {
            x = graph.Conv2D(weights, "quant_conv", x, 2 * latents, 2 * latents, 1);
        }

        weights.RefuseLeftovers(["encoder.", "quant_conv."]);
        string mean = graph.Slice("latents/mean", x, 0, graph.Int64s(latents), 1);
        string logVariance = graph.Slice("latents/log_variance", x, latents, graph.Int64s(2 * latents), 1);
        string clamped = graph.Node("Clip", "latents/clamped", [logVariance, graph.Scalar(MinLogVariance), graph.Scalar(MaxLogVariance)]);
        graph.Output(graph.Concat("latents/parameters", 1, mean, clamped), "latent_parameters", "batch", 2 * latents, "latent_height", "latent_width");
        graph.Output(mean, "latent_mean", "batch", latents, "latent_height", "latent_width");
        return graph.Build("latentsync_vae_encoder");
    }

    /// <summary>The decoder: <c>latent_sample</c> <c>[N,4,h,w]</c>, already divided by the scaling factor, to <c>sample</c> <c>[N,3,H,W]</c>, about -1..1, not clamped.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="checkpoint">The weights; must stay open until the graph is written.</param>
    /// <exception cref="LatentSyncException">
    /// The configuration is not supported, or the checkpoint lacks a tensor that it calls for, has it in another shape, or has more than it has a place for.
    /// </exception>
    public static OnnxGraph BuildDecoder(VaeConfig config, ICheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(checkpoint);
        VaeConfigCheck.Check(config);
        GraphAssembler graph = new();
        StateDict weights = new(checkpoint);
        VaeBlocks blocks = new(graph, weights, config);
        string x = graph.Input("latent_sample", "batch", config.LatentChannels, "latent_height", "latent_width");
        if (config.UsePostQuantConv)
        {
            x = graph.Conv2D(weights, "post_quant_conv", x, config.LatentChannels, config.LatentChannels, 1);
        }

        int last = config.BlockOutChannels.Count - 1, channels = config.BlockOutChannels[last];
        x = graph.Conv2D(weights, "decoder.conv_in", x, config.LatentChannels, channels, 3);
        x = blocks.Middle("decoder.mid_block", x, channels);
        for (int i = 0; i <= last; i++)
        {
            int outChannels = config.BlockOutChannels[last - i];
            for (int layer = 0; layer <= config.LayersPerBlock; layer++)
            {
                x = blocks.Resnet($"decoder.up_blocks.{i}.resnets.{layer}", x, channels, outChannels);
                channels = outChannels;
            }

            if (i < last)
            {
                x = blocks.Upsample($"decoder.up_blocks.{i}.upsamplers.0", x, channels);
            }
        }

        x = GroupNormGraph.NormalizeSilu(graph, weights, "decoder.conv_norm_out", x, channels, config.NormNumGroups, VaeBlocks.Epsilon);
        x = graph.Conv2D(weights, "decoder.conv_out", x, channels, config.OutChannels, 3);
        weights.RefuseLeftovers(["decoder.", "post_quant_conv."]);
        graph.Output(x, "sample", "batch", config.OutChannels, "height", "width");
        return graph.Build("latentsync_vae_decoder");
    }
}
