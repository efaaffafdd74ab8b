using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>
/// Builds LatentSync's UNet3DConditionModel from its checkpoint. Inputs: <c>sample</c> <c>[B,13,F,H,W]</c>, <c>timestep</c> <c>[1]</c> (may be
/// fractional), <c>encoder_hidden_states</c> <c>[B*F,S,D]</c>, batch major. Output: <c>out_sample</c> <c>[B,4,F,H,W]</c>. All float32; B, F, H, W and S are dynamic.
/// </summary>
public static class UNetGraphBuilder
{
    private static readonly string[] Roots = ["conv_in.", "time_embedding.", "class_embedding.", "down_blocks.", "mid_block.", "up_blocks.", "conv_norm_out.", "conv_out."];

    /// <summary>Builds the graph; weights are read from the checkpoint when the graph is written.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="checkpoint">The weights; must stay open until the graph is written.</param>
    /// <param name="options">Further outputs, or null.</param>
    /// <exception cref="LatentSyncException">
    /// The configuration is not supported, or the checkpoint lacks a tensor that it calls for, has it in another shape, or has more than it has a place for.
    /// </exception>
    public static OnnxGraph Build(UNetConfig config, ICheckpoint checkpoint, UNetGraphOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(checkpoint);
        UNetConfigCheck.Check(config);
        GraphAssembler graph = new();
        StateDict weights = new(checkpoint);
        string sample = graph.Input(UNetValues.Sample, "batch", config.InChannels, "frames", "height", "width");
        string timestep = graph.Input(UNetValues.Timestep, 1);
        string audio = graph.Input(UNetValues.EncoderHiddenStates, "batch_frames", "audio_tokens", config.CrossAttentionDim);

        string timeEmbedding = TimeEmbeddingGraph.Build(graph, weights, config, timestep);
        string batch = graph.Shape("size/batch", sample, 0, 1), frames = graph.Shape("size/frames", sample, 2, 3), audioLength = graph.Shape("size/audio", audio, 1, 2);
        UNetScope scope = new(graph, weights, config)
        {
            Batch = batch,
            Frames = frames,
            AudioLength = audioLength,
            Audio = AudioRows(graph, audio, batch, frames, audioLength, config.CrossAttentionDim),
            TimeEmbedding = graph.Silu("time_embedding/act", timeEmbedding),
        };
        UNetBody body = new(scope, new ExtraOutputs(scope, options?.ExtraOutputs ?? []));
        body.Extra.AddTimeEmbedding(timeEmbedding);
        string output = body.Build(sample);

        weights.RefuseLeftovers(Roots);
        body.Extra.RefuseUnknown();
        graph.Output(output, UNetValues.OutSample, "batch", config.OutChannels, "frames", "height", "width");
        return graph.Build("latentsync_unet");
    }

    /// <summary>Whether down block i has motion modules.</summary>
    internal static bool HasDownMotion(UNetConfig config, int block) =>
        config.UseMotionModule && !config.MotionModuleDecoderOnly && block < 31 && config.MotionModuleResolutions.Contains(1 << block);

    /// <summary>Whether up block i has motion modules: the original counts its resolution as 2^(3-i), whatever the number of blocks.</summary>
    internal static bool HasUpMotion(UNetConfig config, int block) =>
        config.UseMotionModule && block <= 3 && config.MotionModuleResolutions.Contains(1 << (3 - block));

    /// <summary>From [B*F, S, D] to frame-major rows [F*B*S, D].</summary>
    private static string AudioRows(GraphAssembler graph, string audio, string batch, string frames, string length, int width)
    {
        string clips = graph.Reshape("audio/clips", audio, graph.Concat("shape/audio_clips", 0, batch, frames, length, graph.Int64s(width)));
        return graph.Reshape("audio/rows", graph.Transpose("audio/frame_major", clips, 1, 0, 2, 3), -1, width);
    }
}
