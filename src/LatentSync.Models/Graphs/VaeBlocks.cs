using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>The parts that the VAE's encoder and decoder share, on pictures [N, C, H, W].</summary>
internal sealed class VaeBlocks(GraphAssembler graph, StateDict weights, VaeConfig config)
{
    /// <summary>Epsilon of every group norm of diffusers' VAE.</summary>
    public const double Epsilon = 1e-6;

    public string Resnet(string module, string x, int inChannels, int outChannels)
    {
        string hidden = GroupNormGraph.NormalizeSilu(graph, weights, module + ".norm1", x, inChannels, config.NormNumGroups, Epsilon);
        hidden = graph.Conv2D(weights, module + ".conv1", hidden, inChannels, outChannels, 3);
        hidden = GroupNormGraph.NormalizeSilu(graph, weights, module + ".norm2", hidden, outChannels, config.NormNumGroups, Epsilon);
        hidden = graph.Conv2D(weights, module + ".conv2", hidden, outChannels, outChannels, 3);
        string input = inChannels == outChannels ? x : graph.Conv2D(weights, module + ".conv_shortcut", x, inChannels, outChannels, 1);
        return graph.Add(module, input, hidden);
    }

    public string Middle(string module, string x, int channels)
    {
        x = Resnet(module + ".resnets.0", x, channels, channels);
        if (config.MidBlockAddAttention)
        {
            x = Attention(module + ".attentions.0", x, channels);
        }

        return Resnet(module + ".resnets.1", x, channels, channels);
    }

    /// <summary>Nearest neighbour to twice the size, then a convolution.</summary>
    public string Upsample(string module, string x, int channels)
    {
        string scales = graph.Weight(module + "/scales", ConstantSource.Of([1f, 1f, 2f, 2f]), 4);
        string larger = graph.Node(
            "Resize",
            module + "/resize",
            [x, string.Empty, scales],
            new OnnxAttribute("mode", "nearest"),
            new OnnxAttribute("coordinate_transformation_mode", "asymmetric"),
            new OnnxAttribute("nearest_mode", "floor"));
        return graph.Conv2D(weights, module + ".conv", larger, channels, channels, 3);
    }

    /// <summary>Single-head self-attention over the pixels of each picture; the group norm's scale and shift are folded into the three projections.</summary>
    private string Attention(string module, string x, int channels)
    {
        string normalized = GroupNormGraph.Normalize(graph, module + ".group_norm", x, config.NormNumGroups, Epsilon);
        string planes = graph.Reshape(module + "/flat", normalized, 0, channels, -1);
        string tokens = graph.Transpose(module + "/to_tokens", planes, 0, 2, 1);
        string shape = graph.Node("Shape", module + "/tokens_shape", [tokens]);
        string rows = graph.Reshape(module + "/rows", tokens, -1, channels);

        string query = Projection(module, "to_q", "query", rows, channels, 1 / MathF.Sqrt(channels));
        string key = Projection(module, "to_k", "key", rows, channels, 1);
        string value = Projection(module, "to_v", "value", rows, channels, 1);
        string scores = graph.MatMul(
            module + "/scores",
            graph.Reshape(module + "/query", query, shape),
            graph.Transpose(module + "/key_transposed", graph.Reshape(module + "/key", key, shape), 0, 2, 1));
        string mixed = graph.MatMul(module + "/mixed", graph.Softmax(module + "/softmax", scores), graph.Reshape(module + "/value", value, shape));

        string outName = Named(module, "to_out.0", "proj_attn");
        string projected = graph.Linear(outName, graph.Reshape(module + "/mixed_rows", mixed, -1, channels), weights.TakeMatrix(outName + ".weight", channels, channels), weights.Take(outName + ".bias", channels), channels, channels);
        string result = graph.Transpose(module + "/to_planes", graph.Reshape(module + "/result", projected, shape), 0, 2, 1);
        string pictures = graph.Reshape(module + "/pictures", result, graph.Node("Shape", module + "/pictures_shape", [x]));
        return graph.Add(module, pictures, x);
    }

    private string Projection(string module, string current, string older, string rows, int channels, float scale)
    {
        string name = Named(module, current, older);
        (TensorSource weight, TensorSource bias) = GroupNormGraph.FoldInto(
            weights,
            module + ".group_norm",
            channels,
            weights.TakeMatrix(name + ".weight", channels, channels),
            weights.Take(name + ".bias", channels));
        if (scale != 1)
        {
            ConstantSource factor = ConstantSource.Of([scale]);
            (weight, bias) = (new ScaledSource(weight, factor), new ScaledSource(bias, factor));
        }

        return graph.Linear(name, rows, weight, bias, channels, channels);
    }

    private string Named(string module, string current, string older) =>
        weights.Has($"{module}.{older}.weight") ? $"{module}.{older}" : $"{module}.{current}";
}
