using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Tests.Models.Precision;

/// <summary>A graph in ONNX Runtime with all optimisations off: nodes run as they are written.</summary>
internal sealed class PlainSession : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InferenceSession _session;

    public PlainSession(OnnxGraph graph)
    {
        using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 2 };
        _session = new InferenceSession(OnnxModelWriter.Write(graph, _folder.File("model.onnx")).Model.Path, options);
    }

    public Dictionary<string, Tensor> Run(params NamedTensor[] inputs)
    {
        using RunOptions options = new();
        Dictionary<string, OrtValue> values = inputs.ToDictionary(
            input => input.Name,
            input => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.Value.Data, input.Value.Shape.ToArray()),
            StringComparer.Ordinal);
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, values, _session.OutputNames);
            return _session.OutputNames.Zip(results).ToDictionary(
                pair => pair.First,
                pair => new Tensor(pair.Second.GetTensorDataAsSpan<float>().ToArray(), pair.Second.GetTensorTypeAndShape().Shape),
                StringComparer.Ordinal);
        }
        finally
        {
            foreach (OrtValue value in values.Values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }
}
