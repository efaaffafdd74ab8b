using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>Transformer3DModel: within each frame, self-attention over its pixels and cross-attention to its audio window.</summary>
internal static class SpatialTransformerGraph
{
    private const double GroupNormEpsilon = 1e-6;
    private const double LayerNormEpsilon = 1e-5;

    public static FeatureMap Build(UNetScope scope, string module, FeatureMap x, int heads)
    {
        GraphAssembler graph = scope.Graph;
        StateDict weights = scope.Weights;
        int channels = x.Channels;
        string normalized = GroupNormGraph.Normalize(graph, module + ".norm", x.Value, scope.Config.NormNumGroups, GroupNormEpsilon);
        string pixels = graph.Transpose(module + "/to_tokens", graph.Reshape(module + "/flat", normalized, 0, channels, -1), 0, 2, 1);
        (TensorSource weight, TensorSource bias) = GroupNormGraph.FoldInto(
            weights,
            module + ".norm",
            channels,
            weights.TakeMatrix(module + ".proj_in.weight", channels, channels),
            weights.Take(module + ".proj_in.bias", channels));
        string tokens = graph.Linear(module + ".proj_in", graph.Reshape(module + "/rows", pixels, -1, channels), weight, bias, channels, channels);

        string block = module + ".transformer_blocks.0";
        string normed = graph.LayerNorm(weights, block + ".norm1", tokens, channels, LayerNormEpsilon);
        tokens = graph.Add(block + ".attn1/residual", Attention(scope, block + ".attn1", normed, null, x, heads), tokens);
        if (scope.Config.AddAudioLayer)
        {
            normed = graph.LayerNorm(weights, block + ".norm2", tokens, channels, LayerNormEpsilon);
            tokens = graph.Add(block + ".attn2/residual", Attention(scope, block + ".attn2", normed, scope.Audio, x, heads), tokens);
        }

        normed = graph.LayerNorm(weights, block + ".norm3", tokens, channels, LayerNormEpsilon);
        tokens = graph.Add(block + ".ff/residual", FeedForwardGraph.Build(graph, weights, block + ".ff", normed, channels), tokens);

        string projected = graph.Linear(module + ".proj_out", tokens, weights.TakeMatrix(module + ".proj_out.weight", channels, channels), weights.Take(module + ".proj_out.bias", channels), channels, channels);
        string planes = graph.Transpose(module + "/to_planes", graph.Reshape(module + "/tokens", projected, scope.Tokens(channels, x.Level)), 0, 2, 1);
        string pictures = graph.Reshape(module + "/pictures", planes, scope.Pictures(channels, x.Level));
        return x with { Value = graph.Add(module, pictures, x.Value) };
    }

    /// <summary>Attention of rows [N*H*W, C] over themselves, or over the audio rows [N*S, D]; queries are scaled in their weight.</summary>
    private static string Attention(UNetScope scope, string module, string x, string? audio, FeatureMap map, int heads)
    {
        GraphAssembler graph = scope.Graph;
        StateDict weights = scope.Weights;
        int channels = map.Channels, width = channels / heads, contextWidth = audio is null ? channels : scope.Config.CrossAttentionDim;
        string headsShape = scope.Heads(heads, width, map.Level);
        string contextShape = audio is null ? headsShape : scope.AudioHeads(heads, width);

        TensorSource queryWeight = new ScaledSource(weights.Take(module + ".to_q.weight", channels, channels), ConstantSource.Of([1 / MathF.Sqrt(width)]));
        string query = graph.Linear(module + ".to_q", x, queryWeight, null, channels, channels);
        string key = graph.Linear(weights, module + ".to_k", audio ?? x, contextWidth, channels, bias: false);
        string value = graph.Linear(weights, module + ".to_v", audio ?? x, contextWidth, channels, bias: false);

        query = graph.Transpose(module + "/query", graph.Reshape(module + "/query_heads", query, headsShape), 0, 2, 1, 3);
        key = graph.Transpose(module + "/key", graph.Reshape(module + "/key_heads", key, contextShape), 0, 2, 3, 1);
        value = graph.Transpose(module + "/value", graph.Reshape(module + "/value_heads", value, contextShape), 0, 2, 1, 3);
        string scores = graph.Softmax(module + "/softmax", graph.MatMul(module + "/scores", query, key));
        string mixed = graph.Transpose(module + "/rows", graph.MatMul(module + "/mixed", scores, value), 0, 2, 1, 3);
        return graph.Linear(weights, module + ".to_out.0", graph.Reshape(module + "/flat", mixed, -1, channels), channels, channels);
    }
}
