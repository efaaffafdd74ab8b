namespace LatentSync.Models.Graphs;

/// <summary>ResnetBlock3D: group norm, SiLU, convolution, time embedding, group norm, SiLU, convolution, shortcut.</summary>
internal static class ResnetBlockGraph
{
    public static FeatureMap Build(UNetScope scope, string module, FeatureMap x, int outChannels, double outputScale = 1)
    {
        GraphAssembler graph = scope.Graph;
        string hidden = NormalizeSilu(scope, module + ".norm1", x, null);
        hidden = graph.Conv2D(scope.Weights, module + ".conv1", hidden, x.Channels, outChannels, 3);
        string time = graph.Linear(scope.Weights, module + ".time_emb_proj", scope.TimeEmbedding, 4 * scope.Config.BlockOutChannels[0], outChannels);
        hidden = NormalizeSilu(scope, module + ".norm2", x with { Value = hidden, Channels = outChannels }, time);
        hidden = graph.Conv2D(scope.Weights, module + ".conv2", hidden, outChannels, outChannels, 3);
        string input = x.Channels == outChannels ? x.Value : graph.Conv2D(scope.Weights, module + ".conv_shortcut", x.Value, x.Channels, outChannels, 1);
        string sum = graph.Add(module, input, hidden);
        if (outputScale != 1)
        {
            sum = graph.Node("Div", module + "/output_scale", [sum, graph.Scalar((float)outputScale)]);
        }

        return x with { Value = sum, Channels = outChannels };
    }

    /// <summary>
    /// SiLU(group norm(x + offset)) with the statistics over (channels of the group, F, H, W), or per frame in the inflated variant.
    /// </summary>
    /// <param name="scope">The network.</param>
    /// <param name="module">The norm's name.</param>
    /// <param name="x">[F*B, C, H, W].</param>
    /// <param name="offset">[1, C], added to every pixel of a channel before the norm, or null.</param>
    public static string NormalizeSilu(UNetScope scope, string module, FeatureMap x, string? offset)
    {
        GraphAssembler graph = scope.Graph;
        int channels = x.Channels, groups = scope.Config.NormNumGroups;
        if (scope.Config.UseInflatedGroupNorm)
        {
            string shifted = offset is null ? x.Value : graph.Add(module + "/time", x.Value, graph.Reshape(module + "/time_channels", offset, 1, channels, 1, 1));
            return GroupNormGraph.NormalizeSilu(graph, scope.Weights, module, shifted, channels, groups, scope.Config.NormEps);
        }

        // Two passes (mean first, then the mean of squared differences): one pass over x and x*x would lose digits where a group's mean is far from 0.
        string grouped = graph.Reshape(module + "/groups", x.Value, scope.FramesBatch(groups));
        string mean = graph.Mean(module + "/mean", grouped, 0, 3);
        string centred = Centre(scope, module, x, grouped, mean, offset);
        string centredGroups = graph.Reshape(module + "/centred_groups", centred, scope.FramesBatch(groups));
        string variance = graph.Mean(module + "/variance", graph.Mul(module + "/square", centredGroups, centredGroups), 0, 3);
        string deviation = graph.Node("Sqrt", module + "/deviation", [graph.Add(module + "/epsilon", variance, graph.Scalar((float)scope.Config.NormEps))]);

        string weight = graph.Weight(module + ".weight", scope.Weights.Take(module + ".weight", channels), 1, 1, groups, channels / groups);
        string bias = graph.Weight(module + ".bias", scope.Weights.Take(module + ".bias", channels), 1, 1, channels, 1);
        string scale = graph.Reshape(module + "/scale_channels", graph.Node("Div", module + "/scale_groups", [weight, deviation]), 1, -1, channels, 1);
        string scaled = graph.Mul(module + "/scale", centred, scale);
        string shifted2 = graph.Add(module + "/shift", scaled, bias);
        return graph.Reshape(module + "/pictures", graph.Silu(module, shifted2), scope.Pictures(channels, x.Level));
    }

    /// <summary>[F, B, C, H*W]: x + offset - mean(x + offset). The offset is constant over a channel, so it joins the mean instead of costing a pass over x.</summary>
    private static string Centre(UNetScope scope, string module, FeatureMap x, string grouped, string mean, string? offset)
    {
        GraphAssembler graph = scope.Graph;
        int channels = x.Channels, groups = scope.Config.NormNumGroups;
        if (offset is null)
        {
            return graph.Reshape(module + "/centred_channels", graph.Sub(module + "/centred", grouped, mean), scope.FramesBatch(channels));
        }

        string offsets = graph.Reshape(module + "/time_groups", offset, 1, 1, groups, channels / groups);
        string meanOffset = graph.Mean(module + "/time_mean", offsets, 3);
        string centre = graph.Sub(module + "/centre", graph.Add(module + "/mean_with_time", mean, meanOffset), offsets);
        string byChannel = graph.Reshape(module + "/centre_channels", centre, 1, -1, channels, 1);
        return graph.Sub(module + "/centred", graph.Reshape(module + "/by_channel", x.Value, scope.FramesBatch(channels)), byChannel);
    }
}
