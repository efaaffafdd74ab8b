using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Graphs;

/// <summary>A graph written to a temporary folder and loaded by ONNX Runtime.</summary>
internal sealed class BuiltGraph : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuiltGraph(OnnxGraph graph)
    {
        Files = OnnxModelWriter.Write(graph, _folder.File("model.onnx"));
        Engine = OnnxRuntimeEngine.Load(Files.Model.Path, new OnnxRuntimeOptions { IntraOpThreads = 2 });
    }

    public OnnxModelFiles Files { get; }

    public OnnxRuntimeEngine Engine { get; }

    /// <summary>Runs the graph and returns its outputs by name.</summary>
    public Dictionary<string, Tensor> Run(params NamedTensor[] inputs)
    {
        IReadOnlyList<Tensor> results = Engine.Run(inputs);
        return Engine.Outputs.Zip(results).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }

    public void Dispose()
    {
        Engine.Dispose();
        _folder.Dispose();
    }
}
