using LatentSync.Models.Onnx;
using LatentSync.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Tests.Models.Quantization.Passes;

/// <summary>The operators that ONNX Runtime really runs for a graph: those of the model that it writes after its optimisations.</summary>
internal static class OptimizedOperators
{
    public static IReadOnlyList<string> Of(OnnxGraph graph)
    {
        using TemporaryFolder folder = new();
        string optimized = folder.File("optimized.onnx");
        using (SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED, OptimizedModelFilePath = optimized })
        using (new InferenceSession(OnnxModelWriter.Write(graph, folder.File("model.onnx")).Model.Path, options))
        {
        }

        using FileStream stream = File.OpenRead(optimized);
        return [.. LatentSync.Models.Onnx.Protobuf.ModelProto.Parser.ParseFrom(stream).Graph.Node.Select(node => node.OpType)];
    }
}
