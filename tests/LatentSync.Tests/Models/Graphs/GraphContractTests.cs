using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;

namespace LatentSync.Tests.Models.Graphs;

/// <summary>What every runtime may rely on in any of the graphs.</summary>
public sealed class GraphContractTests
{
    // Operators that the builders may use: each is in the support matrix of TensorRT's ONNX parser (10.16, docs/operators.md) for float32, those marked "shape" for int64
    // as well, and none of them is slow on ONNX Runtime's CPU provider (GroupNormalization is: it is inlined into some thirty nodes).
    private static readonly HashSet<string> Operators =
    [
        "Add", "Clip", "Concat" /* shape */, "Conv", "Cos", "Div", "Expand", "Gelu", "Gemm", "Identity", "InstanceNormalization", "LayerNormalization", "MatMul",
        "Mul" /* shape */, "ReduceMean", "Reshape", "Resize", "Shape" /* shape */, "Sigmoid", "Sin", "Slice" /* shape */, "Softmax", "Split", "Sqrt", "Sub", "Transpose",
    ];

    public static IEnumerable<object[]> Graphs => DemoGraphs.Names.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Build_AnyNetwork_UsesOnlyOperatorsOfTheList(string name)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        OnnxGraph graph = DemoGraphs.Build(name, checkpoint);

        Assert.InRange(graph.Opset, 20, 21);
        Assert.Empty(graph.Nodes.Select(node => node.OperatorType).Distinct().Except(Operators));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Build_AnyNetwork_IsWellFormed(string name)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        OnnxGraph graph = DemoGraphs.Build(name, checkpoint);

        HashSet<string> values = [.. graph.Inputs.Select(input => input.Name), string.Empty];
        Assert.All(graph.Initializers, initializer =>
        {
            Assert.True(values.Add(initializer.Name), $"'{initializer.Name}' is named twice");
            Assert.Equal(initializer.Shape.Aggregate(1L, (a, b) => a * b), initializer.Source.ElementCount);
        });
        foreach (OnnxNode node in graph.Nodes)
        {
            Assert.All(node.Inputs, input => Assert.True(values.Contains(input), $"'{node.Name}' reads '{input}' before it is made"));
            Assert.All(node.Outputs, output => Assert.True(values.Add(output), $"'{output}' is made twice"));
        }

        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(node => node.Name).Distinct().Count());
        Assert.All(graph.Outputs, output => Assert.Contains(output.Name, values));
        HashSet<string> read = [.. graph.Nodes.SelectMany(node => node.Inputs)];
        Assert.All(graph.Initializers, initializer => Assert.True(read.Contains(initializer.Name), $"'{initializer.Name}' is never read"));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Build_AnyNetwork_NamesNodesAfterTheCheckpointsModules(string name)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        OnnxGraph graph = DemoGraphs.Build(name, checkpoint);

        // Only this network's tensors: the VAE's checkpoint has both halves, Whisper's a norm that is not used (and often a text decoder).
        IEnumerable<string> modules = checkpoint.Tensors.Keys
            .Where(key => name switch
            {
                "vae_encoder" => key.StartsWith("encoder.", StringComparison.Ordinal) || key.StartsWith("quant_conv.", StringComparison.Ordinal),
                "vae_decoder" => key.StartsWith("decoder.", StringComparison.Ordinal) || key.StartsWith("post_quant_conv.", StringComparison.Ordinal),
                "whisper" => key.StartsWith("encoder.", StringComparison.Ordinal) && !key.Contains("ln_post", StringComparison.Ordinal),
                _ => true,
            })
            .Where(key => key.EndsWith(".weight", StringComparison.Ordinal))
            .Select(key => key[..^".weight".Length]);
        HashSet<string> nodes = [.. graph.Nodes.Select(node => node.Name)];
        Assert.All(modules, module => Assert.Contains(nodes, node => node == module || node.StartsWith(module + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Build_UNet_DeclaresTheContractWithSymbolicExtents()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        OnnxGraph graph = DemoGraphs.Build("unet", checkpoint);

        Assert.Equal(
            ["sample[batch,13,frames,height,width]", "timestep[1]", "encoder_hidden_states[batch_frames,audio_tokens,96]", "out_sample[batch,4,frames,height,width]"],
            graph.Inputs.Concat(graph.Outputs).Select(value => $"{value.Name}[{string.Join(',', value.Shape)}]"));
    }
}
