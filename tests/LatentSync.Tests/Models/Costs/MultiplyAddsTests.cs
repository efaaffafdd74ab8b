using LatentSync.Models.Checkpoints;
using LatentSync.Models.Costs;
using LatentSync.Models.Onnx;
using LatentSync.Tests.Models.Graphs;

namespace LatentSync.Tests.Models.Costs;

public sealed class MultiplyAddsTests
{
    /// <summary>Counted by hand: outputs times the terms of each one's sum.</summary>
    public static TheoryData<string, long[][], OnnxAttribute[], long> ByHand => new()
    {
        // 2 x 5 outputs of 7 terms.
        { "MatMul", [[2, 7], [7, 5]], [], 2 * 5 * 7 },
        // The batch of one is shared by three.
        { "MatMul", [[3, 2, 7], [1, 7, 5]], [], 3 * 2 * 5 * 7 },
        { "Gemm", [[4, 6], [9, 6]], [new OnnxAttribute("transB", 1L)], 4 * 9 * 6 },
        { "Gemm", [[6, 4], [6, 9], [9]], [new OnnxAttribute("transA", 1L)], 4 * 9 * 6 },
        // 10 x 12 pixels of 8 channels, each from 3 channels of 3 x 3.
        { "Conv", [[2, 3, 10, 12], [8, 3, 3, 3], [8]], [new OnnxAttribute("pads", new long[] { 1, 1, 1, 1 })], 2 * 8 * 10 * 12 * 3 * 9 },
        // No padding, every second pixel: 4 x 5 are left.
        { "Conv", [[1, 3, 10, 12], [8, 3, 3, 3]], [new OnnxAttribute("strides", new long[] { 2, 2 })], 8 * 4 * 5 * 3 * 9 },
        // Two groups: each output sees half of the channels.
        { "Conv", [[1, 6, 5, 5], [4, 3, 1, 1]], [new OnnxAttribute("group", 2L)], 4 * 25 * 3 },
        // One dimension, a kernel of 3 spread over 5.
        { "Conv", [[1, 2, 20], [4, 2, 3]], [new OnnxAttribute("dilations", new long[] { 2 })], 4 * 16 * 2 * 3 },
        { "Add", [[2, 7], [7]], [], 0 },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public void Count_OneNode_IsTheCountByHand(string operatorType, long[][] inputs, OnnxAttribute[] attributes, long expected)
    {
        OnnxGraph graph = SmallGraph.Of(operatorType, inputs, null, attributes);

        MultiplyAdds count = MultiplyAdds.Count(graph, SmallGraph.Inputs(graph));

        Assert.Equal(expected, count.Total);
        Assert.Equal(expected, count.ByNode.GetValueOrDefault("node"));
        Assert.Equal(expected, count.ByOperator.GetValueOrDefault(operatorType));
    }

    [Fact]
    public void Count_TwiceTheBatch_DoublesAllButTheTimeEmbedding()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        OnnxGraph unet = DemoGraphs.Build("unet", checkpoint);
        MultiplyAdds one = Count(unet, 1), two = Count(unet, 2);

        Assert.All(two.ByNode, node => Assert.Equal(
            node.Key.Contains("time_emb", StringComparison.Ordinal) ? one.ByNode[node.Key] : 2 * one.ByNode[node.Key], node.Value));
        Assert.Equal(one.ByNode.Values.Sum(), one.Total);
        Assert.Equal(["Conv", "Gemm", "MatMul"], one.ByOperator.Keys.Order(StringComparer.Ordinal));

        // The first convolution, by hand: 16 frames of 16 x 16, 32 channels out of 13, 3 x 3.
        Assert.Equal(16 * 16 * 16 * 32 * 13 * 9, one.ByNode["conv_in"]);
    }

    private static MultiplyAdds Count(OnnxGraph unet, long batch) => MultiplyAdds.Count(unet, GraphShapes.Inputs(unet, new Dictionary<string, long>
    {
        ["batch"] = batch,
        ["frames"] = 16,
        ["height"] = 16,
        ["width"] = 16,
        ["batch_frames"] = 16 * batch,
        ["audio_tokens"] = 50,
    }));
}
