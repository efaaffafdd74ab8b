using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;

namespace LatentSync.Tests.Models.Precision;

public sealed class Float16PassTests
{
    public static TheoryData<string> Networks => [.. DemoGraphs.Names];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Apply_DemoNetwork_IsStronglyTypedAndKeepsItsContract(string name)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        OnnxGraph before = DemoGraphs.Build(name, checkpoint), after = Float16Pass.Apply(before, Float16Recipe.Default).Graph;

        Dictionary<string, OnnxElementType> types = TypeChecker.Check(after);
        Assert.Equal(before.Inputs, after.Inputs);
        Assert.Equal(before.Outputs, after.Outputs);
        Assert.InRange(after.Opset, 1, 21);
        Assert.All(after.Nodes.Where(node => node.OperatorType is "Conv" or "MatMul"), node => Assert.Equal(OnnxElementType.Float16, types[node.Outputs[0]]));

        // Large weights feed convolutions and matrices: all but the norms', the time embedding's and the sines' are halved.
        OnnxInitializer[] large = [.. after.Initializers.Where(i => i.Shape.Count > 1 && i.Source.ElementCount > 1024 && !IsTime(i.Name))];
        Assert.NotEmpty(large);
        Assert.All(large, weight => Assert.Equal(OnnxElementType.Float16, weight.ElementType));
        Assert.All(large, weight => Assert.Equal(before.Initializers.Single(i => i.Name == weight.Name).SizeInBytes, 2 * weight.SizeInBytes));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Apply_DemoNetwork_KeepsTheIslandsInFloat32(string name)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        OnnxGraph graph = Float16Pass.Apply(DemoGraphs.Build(name, checkpoint), Float16Recipe.Default).Graph;
        Dictionary<string, OnnxElementType> types = TypeChecker.Check(graph);
        string[] kinds = ["InstanceNormalization", "LayerNormalization", "Softmax", "ReduceMean", "Sqrt", "Sin", "Cos"];
        string[] parts = ["/mean", "/centred", "/square", "/variance", "/deviation", "/scale_groups", "/scale", "/shift", "/silu"];

        OnnxNode[] islands = [.. graph.Nodes.Where(node => node.OperatorType != "Cast").Where(node => kinds.Contains(node.OperatorType) || IsTime(node.Name)
            || (node.Name.Contains("norm", StringComparison.Ordinal) && parts.Any(part => node.Name.EndsWith(part, StringComparison.Ordinal))))];

        Assert.NotEmpty(islands);
        Assert.All(islands, node => Assert.DoesNotContain(OnnxElementType.Float16, node.Inputs.Concat(node.Outputs).Where(value => value.Length > 0).Select(value => types[value])));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Apply_DemoNetwork_CastsEachValueOnceAndNeverThereAndBack(string name)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        Float16Result result = Float16Pass.Apply(DemoGraphs.Build(name, checkpoint), Float16Recipe.Default);
        OnnxNode[] casts = [.. result.Graph.Nodes.Where(node => node.OperatorType == "Cast")];
        HashSet<string> cast = [.. casts.Select(node => node.Outputs[0])];
        HashSet<string> constants = [.. result.Graph.Initializers.Select(initializer => initializer.Name)];

        Assert.Equal(casts.Length, result.Report.CastCount);
        Assert.Equal(casts.Length, casts.Select(node => (node.Inputs[0], (long)node.Attributes[0].Value)).Distinct().Count());
        Assert.DoesNotContain(casts, node => cast.Contains(node.Inputs[0]) || constants.Contains(node.Inputs[0]));
    }

    [Fact]
    public void Apply_WeightBeyondHalfPrecision_KeepsItsReadersInFloat32AndSaysSo()
    {
        OnnxGraph graph = SmallGraphs.Make(
            [SmallGraphs.Node("Add", "a", "x", "fits"), SmallGraphs.Node("Identity", "moved", "large"), SmallGraphs.Node("Mul", "m", "a", "moved"), SmallGraphs.Node("Add", "y", "m", "tiny")],
            SmallGraphs.Weight("fits", 65504, 1, 2, 3),
            SmallGraphs.Weight("large", 65505, 1, 2, 3),
            SmallGraphs.Weight("tiny", 1e-9f, -3e-5f, 0, 1));

        Float16Result result = Float16Pass.Apply(graph, Float16Recipe.Default);
        Dictionary<string, OnnxElementType> types = TypeChecker.Check(result.Graph);

        Assert.Equal((OnnxElementType.Float16, OnnxElementType.Float), (types["a"], types["m"]));
        Assert.Contains("large", result.Report.Float32Nodes.Single(node => node.Name == "m").Reason, StringComparison.Ordinal);
        Assert.Equal([new WeightRange("large", 4, 65505, 1, 0, 0), new WeightRange("tiny", 4, 1, 0, 1, 1)], result.Report.Weights);
    }

    [Fact]
    public void Apply_ConstantReadInBothTypes_IsThereOnceInEach()
    {
        OnnxGraph graph = SmallGraphs.Make(
            [SmallGraphs.Node("Add", "a", "x", "w"), SmallGraphs.Node("Mul", "b", "a", "w"), SmallGraphs.Node("Pow", "c", "b", "w"), SmallGraphs.Node("Pow", "y", "c", "w")],
            SmallGraphs.Weight("w", 1, 2, 3, 4));

        OnnxGraph result = Float16Pass.Apply(graph, Float16Recipe.Default).Graph;

        Assert.Equal([("w", OnnxElementType.Float), ("w/fp16", OnnxElementType.Float16)], result.Initializers.Select(i => (i.Name, i.ElementType)));
        TypeChecker.Check(result);
    }

    [Fact]
    public void Apply_MovementBetweenIslands_StaysInFloat32()
    {
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node("Exp", "e", "x"), SmallGraphs.Node("Identity", "moved", "e"), SmallGraphs.Node("Log", "l", "moved"), SmallGraphs.Node("Add", "y", "l", "moved")]);

        OnnxGraph result = Float16Pass.Apply(graph, Float16Recipe.Default).Graph;

        Assert.Equal(OnnxElementType.Float, TypeChecker.Check(result)["moved"]);
        Assert.Equal("y", result.Nodes[^1].Outputs[0]);
    }

    [Fact]
    public void Apply_GraphOfCasts_MergesThoseThatCancel()
    {
        OnnxGraph graph = SmallGraphs.Make(
            [SmallGraphs.Cast("h", "x", OnnxElementType.Float16), SmallGraphs.Cast("f", "h", OnnxElementType.Float), SmallGraphs.Node("Add", "y", "f", "f")]);

        OnnxGraph result = Float16Pass.Apply(graph, Float16Recipe.Default).Graph;

        Assert.Equal(["h", "y", "y/fp32"], result.Nodes.Select(node => node.Name));
        Assert.Equal(["h", "h"], result.Nodes[1].Inputs);
    }

    [Fact]
    public void Apply_RecipesLists_DecideByName()
    {
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node("Add", "block.1/a", "x", "x"), SmallGraphs.Node("Exp", "block.2/e", "block.1/a"), SmallGraphs.Node("Add", "y", "block.2/e", "x")]);
        Float16Recipe recipe = new() { Float32Nodes = ["block.?/*"], Float16Nodes = ["*/e"] };

        Dictionary<string, OnnxElementType> types = TypeChecker.Check(Float16Pass.Apply(graph, recipe).Graph);

        Assert.Equal((OnnxElementType.Float, OnnxElementType.Float16), (types["block.1/a"], types["block.2/e"]));
    }

    [Fact]
    public void Apply_AppliedTwice_ChangesNothingMore()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        OnnxGraph once = Float16Pass.Apply(DemoGraphs.Build("unet", checkpoint), Float16Recipe.Default).Graph;

        Float16Result twice = Float16Pass.Apply(once, Float16Recipe.Default);

        Assert.Equal(0, twice.Report.CastCount);
        Assert.Equal(once.Nodes.Select(node => node.Name), twice.Graph.Nodes.Select(node => node.Name));
    }

    [Theory]
    [InlineData("Einsum", "x", "Einsum")]
    [InlineData("Add", "nowhere", "nowhere")]
    [InlineData("Add", "whole", "whole")]
    public void Apply_NodeThatCannotBeTyped_IsNamed(string operatorType, string input, string named)
    {
        OnnxGraph graph = SmallGraphs.Make([SmallGraphs.Node(operatorType, "y", "x", input)], new OnnxInitializer("whole", [1], ConstantSource.Of([1L])));

        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Float16Pass.Apply(graph, Float16Recipe.Default));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains("'y'", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static bool IsTime(string name) => name.StartsWith("time_", StringComparison.Ordinal) || name.Contains("time_emb_proj", StringComparison.Ordinal);
}
