using LatentSync.Models.Costs;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Tests.Models.Costs;

public sealed class MemoryTrafficTests
{
    [Fact]
    public void CountBytes_SmallGraph_IsWhatItsOperatorsReadAndWrite()
    {
        GraphAssembler graph = new();
        string x = graph.Input("x", 2, 6), weight = graph.Weight("weight", ConstantSource.Of(new float[12]), 3, 4);
        string rows = graph.Reshape("rows", x, 3, 4);
        graph.Output(graph.Add("sum", rows, weight), "y", 3, 4);

        // The reshape moves nothing; the sum reads twice 12 elements and writes 12.
        long bytes = MemoryTraffic.CountBytes(graph.Build("graph"), new Dictionary<string, IReadOnlyList<long>> { ["x"] = [2, 6] });
        Assert.Equal(3 * 12 * sizeof(float), bytes);
    }
}
