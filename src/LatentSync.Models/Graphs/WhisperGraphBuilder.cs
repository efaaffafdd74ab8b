using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>
/// Builds Whisper's audio encoder as LatentSync uses it. Input: <c>mel</c> <c>[N,80,3000]</c>, 30 s each. Output: <c>hidden_states</c>
/// <c>[N,1500,layers+1,state]</c>: the input of the first block, then the output of each, before the final layer norm. The batch is dynamic.
/// </summary>
public static class WhisperGraphBuilder
{
    private const double LayerNormEpsilon = 1e-5;

    /// <summary>Builds the graph; weights are read from the checkpoint when the graph is written.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="checkpoint">The weights, of the encoder alone or with the text decoder; must stay open until the graph is written.</param>
    /// <exception cref="LatentSyncException">
    /// The configuration is impossible, or the checkpoint lacks a tensor of the encoder, has it in another shape, or has more than the configuration has a place for.
    /// </exception>
    public static OnnxGraph Build(WhisperConfig config, ICheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (config.AudioHeads < 1 || config.AudioState % config.AudioHeads != 0)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{checkpoint.Path}: n_audio_state {config.AudioState} is not a multiple of n_audio_head {config.AudioHeads}; the checkpoint is damaged");
        }

        GraphAssembler graph = new();
        StateDict weights = new(checkpoint);
        int state = config.AudioState, context = config.AudioContext;
        string mel = graph.Input("mel", "batch", config.Mels, 2L * context);
        string x = graph.Gelu("encoder.conv1/gelu", Conv1D(graph, weights, "encoder.conv1", mel, config.Mels, state, 1));
        x = graph.Gelu("encoder.conv2/gelu", Conv1D(graph, weights, "encoder.conv2", x, state, state, 2));
        string positions = graph.Weight("encoder.positional_embedding", weights.Take("encoder.positional_embedding", context, state), context, state);
        x = graph.Add("encoder.positions", graph.Transpose("encoder/to_tokens", x, 0, 2, 1), positions);
        x = graph.Reshape("encoder/rows", x, -1, state);

        List<string> layers = [graph.Reshape("encoder/stack", x, -1, context, 1, state)];
        for (int i = 0; i < config.AudioLayers; i++)
        {
            x = Block(graph, weights, $"encoder.blocks.{i}", x, config);
            layers.Add(graph.Reshape("encoder/stack", x, -1, context, 1, state));
        }

        weights.RefuseLeftovers(["encoder."], "encoder.ln_post.");
        graph.Output(graph.Concat("encoder/hidden_states", 2, [.. layers]), "hidden_states", "batch", context, config.AudioLayers + 1L, state);
        return graph.Build("latentsync_whisper_encoder");
    }

    private static string Conv1D(GraphAssembler graph, StateDict weights, string module, string x, int inChannels, int outChannels, long stride) => graph.Node(
        "Conv",
        module,
        [
            x,
            graph.Weight(module + ".weight", weights.Take(module + ".weight", outChannels, inChannels, 3), outChannels, inChannels, 3),
            graph.Weight(module + ".bias", weights.Take(module + ".bias", outChannels), outChannels),
        ],
        new OnnxAttribute("kernel_shape", new long[] { 3 }),
        new OnnxAttribute("strides", new[] { stride }),
        new OnnxAttribute("pads", new long[] { 1, 1 }));

    private static string Block(GraphAssembler graph, StateDict weights, string module, string x, WhisperConfig config)
    {
        int state = config.AudioState;
        string normed = graph.LayerNorm(weights, module + ".attn_ln", x, state, LayerNormEpsilon);
        x = graph.Add(module + ".attn/residual", x, Attention(graph, weights, module + ".attn", normed, config));
        normed = graph.LayerNorm(weights, module + ".mlp_ln", x, state, LayerNormEpsilon);
        string hidden = graph.Gelu(module + ".mlp/gelu", graph.Linear(weights, module + ".mlp.0", normed, state, 4 * state));
        return graph.Add(module + ".mlp/residual", x, graph.Linear(weights, module + ".mlp.2", hidden, 4 * state, state));
    }

    private static string Attention(GraphAssembler graph, StateDict weights, string module, string x, WhisperConfig config)
    {
        int state = config.AudioState, heads = config.AudioHeads, width = state / heads;

        // Whisper scales queries and keys by width^-0.25 each; folded into their weights.
        ConstantSource scale = ConstantSource.Of([MathF.Pow(width, -0.25f)]);
        string query = graph.Linear(
            module + ".query",
            x,
            new ScaledSource(weights.Take(module + ".query.weight", state, state), scale),
            new ScaledSource(weights.Take(module + ".query.bias", state), scale),
            state,
            state);
        string key = graph.Linear(module + ".key", x, new ScaledSource(weights.Take(module + ".key.weight", state, state), scale), null, state, state);
        string value = graph.Linear(weights, module + ".value", x, state, state);

        query = graph.Transpose(module + "/query", Heads("query_heads", query), 0, 2, 1, 3);
        key = graph.Transpose(module + "/key", Heads("key_heads", key), 0, 2, 3, 1);
        value = graph.Transpose(module + "/value", Heads("value_heads", value), 0, 2, 1, 3);

        // One head after another: the scores of one, context^2 values, are all that is held of them (9 MB at 30 s).
        string[] queries = Each("query", query), keys = Each("key", key), values = Each("value", value);
        string[] mixedHeads = [.. Enumerable.Range(0, heads).Select(head => Mix(head, queries[head], keys[head], values[head]))];
        string mixed = graph.Transpose(module + "/rows", graph.Concat(module + "/heads", 1, mixedHeads), 0, 2, 1, 3);
        return graph.Linear(weights, module + ".out", graph.Reshape(module + "/flat", mixed, -1, state), state, state);

        string[] Each(string name, string all) => graph.Split($"{module}/{name}_head", all, axis: 1, heads);

        string Mix(int head, string query, string key, string value)
        {
            string scores = graph.Softmax($"{module}/softmax.{head}", graph.MatMul($"{module}/scores.{head}", query, key));
            return graph.MatMul($"{module}/mixed.{head}", scores, value);
        }

        string Heads(string name, string rows) => graph.Reshape($"{module}/{name}", rows, -1, config.AudioContext, heads, width);
    }
}
