using LatentSync.Models.Checkpoints;
using LatentSync.Models.Costs;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;

namespace LatentSync.Tests.Models.Costs;

/// <summary>Shapes worked out without running a graph, against those that ONNX Runtime's results have.</summary>
public sealed class GraphShapesTests
{
    // Odd sizes, so that a wrong rule cannot be right by chance.
    private static readonly Dictionary<string, long> Symbols = new()
    {
        ["batch"] = 2,
        ["frames"] = 3,
        ["height"] = 20,
        ["width"] = 12,
        ["batch_frames"] = 6,
        ["audio_tokens"] = 7,
        ["latent_height"] = 5,
        ["latent_width"] = 3,
    };

    public static IEnumerable<object[]> Networks => DemoGraphs.Names.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Networks))]
    public void Infer_Network_GivesTheShapesThatItsValuesHave(string name)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        OnnxGraph graph = DemoGraphs.Build(name, checkpoint);
        Dictionary<string, long> symbols = new(Symbols);
        if (name.StartsWith("vae", StringComparison.Ordinal))
        {
            (symbols["height"], symbols["width"]) = (40, 24);
        }

        IReadOnlyDictionary<string, IReadOnlyList<long>> inputs = GraphShapes.Inputs(graph, symbols);
        Dictionary<string, ShapedValue> values = GraphShapes.Walk(graph, inputs, static (_, _, _) => { });

        // Every value of the graph becomes an output, except the integers, which the walk computed itself.
        HashSet<string> outputs = [.. graph.Outputs.Select(output => output.Name)];
        OnnxValueInfo[] more = [.. graph.Nodes.SelectMany(node => node.Outputs).Where(value => !outputs.Contains(value) && values[value].Integers is null).Select(Describe)];
        using BuiltGraph built = new(graph with { Outputs = [.. graph.Outputs, .. more] });
        Dictionary<string, Tensor> run = built.Run([.. inputs.Select(input => new NamedTensor(input.Key, Tensor.Zeros([.. input.Value])))]);

        Assert.True(run.Count > 20, $"{run.Count} values");
        Assert.All(run, value => Assert.Equal(value.Value.Shape.ToArray(), values[value.Key].Shape));

        OnnxValueInfo Describe(string value) =>
            new(value, OnnxElementType.Float, [.. values[value].Shape.Select((_, i) => (OnnxDimension)$"{value}.{i}")]);
    }

    public static TheoryData<string, long[][], long[][], OnnxAttribute[], long[]> Rules => new()
    {
        { "Reshape", [[2, 3, 4]], [[0, -1]], [], [2, 12] },
        { "Transpose", [[2, 3, 4]], [], [], [4, 3, 2] },
        { "Slice", [[10, 4]], [[-3], [long.MaxValue], [0]], [], [3, 4] },
        { "Slice", [[10, 4]], [[1], [8], [0], [3]], [], [3, 4] },
        { "Expand", [[3, 1]], [[2, 1, 5]], [], [2, 3, 5] },
        { "Tile", [[3, 2]], [[2, 1]], [], [6, 2] },
        { "Gather", [[5, 4]], [[0, 2, 4]], [new OnnxAttribute("axis", 1L)], [5, 3] },
        { "Squeeze", [[1, 3, 1]], [[0]], [], [3, 1] },
        { "Unsqueeze", [[3]], [[0, -1]], [], [1, 3, 1] },
        { "ReduceMean", [[2, 3, 4]], [[1, -1]], [new OnnxAttribute("keepdims", 0L)], [2] },
        { "ReduceMean", [[2, 3, 4]], [[1]], [], [2, 1, 4] },
        { "Split", [[7, 2]], [[7]], [], [7, 2] },
        { "Concat", [[2, 3], [2, 5]], [], [new OnnxAttribute("axis", -1L)], [2, 8] },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Infer_OneNode_FollowsTheOperatorsDocumentation(string operatorType, long[][] inputs, long[][] constants, OnnxAttribute[] attributes, long[] expected)
    {
        OnnxGraph graph = SmallGraph.Of(operatorType, inputs, constants, attributes);
        Assert.Equal(expected, GraphShapes.Infer(graph, SmallGraph.Inputs(graph))["y"]);
    }

    public static TheoryData<string, long[][]> Misfits => new()
    {
        { "MatMul", [[2, 7], [6, 5]] },
        { "Add", [[2, 7], [2, 6]] },
        { "Concat", [[2, 7], [3]] },
        { "Conv", [[1, 4, 8, 8], [4, 3, 3, 3]] },
        { "Conv", [[4, 8], [4, 3, 3, 3]] },
        { "Gemm", [[2, 7], [6, 5]] },
        { "Reshape", [[2, 7], [3]] },
        { "NoSuchOperator", [[2]] },
        { "Gemm", [[2, 7]] },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Infer_ShapesThatDoNotFit_NamesTheNode(string operatorType, long[][] inputs)
    {
        OnnxGraph graph = SmallGraph.Of(operatorType, inputs);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => GraphShapes.Infer(graph, SmallGraph.Inputs(graph)));
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains($"'node' ({operatorType})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Infer_InputOfAnotherShape_NamesIt()
    {
        OnnxGraph graph = SmallGraph.Of("Sigmoid", [[2, 3]]);
        Assert.Contains("'x0'", Refuse(new() { ["x0"] = [2, 4] }), StringComparison.Ordinal);
        Assert.Contains("no shape", Refuse([]), StringComparison.Ordinal);

        string Refuse(Dictionary<string, IReadOnlyList<long>> inputs) => Assert.Throws<LatentSyncException>(() => GraphShapes.Infer(graph, inputs)).Message;
    }

    [Fact]
    public void Inputs_SymbolWithoutANumber_NamesIt()
    {
        OnnxGraph graph = SmallGraph.Of("Sigmoid", [[2, 3]]) with { Inputs = [new OnnxValueInfo("x0", OnnxElementType.Float, ["batch", 3])] };
        Assert.Contains("'batch'", Assert.Throws<LatentSyncException>(() => GraphShapes.Inputs(graph, new Dictionary<string, long>())).Message, StringComparison.Ordinal);
        Assert.Equal([4, 3], GraphShapes.Inputs(graph, new Dictionary<string, long> { ["batch"] = 4 })["x0"]);
    }
}
