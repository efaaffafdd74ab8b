using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>The motion module (VanillaTemporalModule): at each pixel, self-attention over the frames of the chunk.</summary>
internal static class MotionModuleGraph
{
    // The original's class leaves this at its default, whatever norm_num_groups says.
    public const int Groups = 32;

    private const double GroupNormEpsilon = 1e-6;
    private const double LayerNormEpsilon = 1e-5;

    public static FeatureMap Build(UNetScope scope, string module, FeatureMap x)
    {
        GraphAssembler graph = scope.Graph;
        StateDict weights = scope.Weights;
        MotionModuleConfig config = scope.Config.MotionModule;
        int channels = x.Channels, inner = InnerWidth(channels, config);
        string root = module + ".temporal_transformer";

        string normalized = GroupNormGraph.Normalize(graph, root + ".norm", x.Value, Groups, GroupNormEpsilon);
        string pixels = graph.Transpose(root + "/to_tokens", graph.Reshape(root + "/flat", normalized, 0, channels, -1), 0, 2, 1);
        (TensorSource weight, TensorSource bias) = GroupNormGraph.FoldInto(
            weights,
            root + ".norm",
            channels,
            weights.Take(root + ".proj_in.weight", inner, channels),
            weights.Take(root + ".proj_in.bias", inner));
        string tokens = graph.Linear(root + ".proj_in", graph.Reshape(root + "/rows", pixels, -1, channels), weight, bias, channels, inner);

        for (int i = 0; i < config.NumTransformerBlocks; i++)
        {
            string block = $"{root}.transformer_blocks.{i}";
            for (int k = 0; k < config.AttentionBlockTypes.Count; k++)
            {
                string attention = $"{block}.attention_blocks.{k}";
                string normed = graph.LayerNorm(weights, $"{block}.norms.{k}", tokens, inner, LayerNormEpsilon);
                tokens = graph.Add(attention + "/residual", Attention(scope, attention, normed, inner), tokens);
            }

            string normedTokens = graph.LayerNorm(weights, block + ".ff_norm", tokens, inner, LayerNormEpsilon);
            tokens = graph.Add(block + ".ff/residual", FeedForwardGraph.Build(graph, weights, block + ".ff", normedTokens, inner), tokens);
        }

        string projected = graph.Linear(weights, root + ".proj_out", tokens, inner, channels);
        string planes = graph.Transpose(root + "/to_planes", graph.Reshape(root + "/tokens", projected, scope.Tokens(channels, x.Level)), 0, 2, 1);
        return x with { Value = graph.Add(module, graph.Reshape(root + "/pictures", planes, scope.Pictures(channels, x.Level)), x.Value) };
    }

    /// <summary>Heads times head width: the original rounds the head width down.</summary>
    public static int InnerWidth(int channels, MotionModuleConfig config) =>
        config.NumAttentionHeads * (channels / config.NumAttentionHeads / config.TemporalAttentionDimDiv);

    /// <summary>
    /// Self-attention over F of rows [F*B*H*W, C]. Frames are the outermost dimension, so every pixel and head is one sequence of [F, P, width].
    /// </summary>
    private static string Attention(UNetScope scope, string module, string x, int inner)
    {
        GraphAssembler graph = scope.Graph;
        StateDict weights = scope.Weights;
        MotionModuleConfig config = scope.Config.MotionModule;
        int width = inner / config.NumAttentionHeads;
        if (config.TemporalPositionEncoding)
        {
            int length = config.TemporalPositionEncodingMaxLength;
            string table = graph.Weight(module + ".pos_encoder.pe", weights.Take(module + ".pos_encoder.pe", 1, length, inner), length, 1, inner);
            string positions = graph.Slice(module + ".pos_encoder/frames", table, 0, scope.Frames, 0);
            string frames = graph.Reshape(module + ".pos_encoder/by_frame", x, scope.FramesRest(inner));
            x = graph.Reshape(module + ".pos_encoder/rows", graph.Add(module + ".pos_encoder", frames, positions), -1, inner);
        }

        TensorSource queryWeight = new ScaledSource(weights.Take(module + ".to_q.weight", inner, inner), ConstantSource.Of([1 / MathF.Sqrt(width)]));
        string query = graph.Linear(module + ".to_q", x, queryWeight, null, inner, inner);
        string key = graph.Linear(weights, module + ".to_k", x, inner, inner, bias: false);
        string value = graph.Linear(weights, module + ".to_v", x, inner, inner, bias: false);

        string sequences = scope.FramesRest(width);
        query = graph.Transpose(module + "/query", graph.Reshape(module + "/query_heads", query, sequences), 1, 0, 2);
        key = graph.Transpose(module + "/key", graph.Reshape(module + "/key_heads", key, sequences), 1, 2, 0);
        value = graph.Transpose(module + "/value", graph.Reshape(module + "/value_heads", value, sequences), 1, 0, 2);
        string scores = graph.Softmax(module + "/softmax", graph.MatMul(module + "/scores", query, key));
        string mixed = graph.Transpose(module + "/rows", graph.MatMul(module + "/mixed", scores, value), 1, 0, 2);
        return graph.Linear(weights, module + ".to_out.0", graph.Reshape(module + "/flat", mixed, -1, inner), inner, inner);
    }
}
