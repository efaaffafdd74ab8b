using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline.Calibration;

/// <summary>Puts networks that count their values in the place of the pack's, so that ordinary jobs calibrate.</summary>
/// <param name="Statistics">Receives what is seen, by the network's name; networks that are not there run as ever.</param>
/// <param name="Stride">Of how many elements one is counted.</param>
internal sealed record CalibrationTap(IReadOnlyDictionary<string, NetworkStatistics> Statistics, int Stride)
{
    /// <summary>The network as one that counts, or null if it is not wanted.</summary>
    /// <param name="component">The network's entry in the manifest.</param>
    /// <param name="graph">Its graph, as the pack holds it; weights are read before this returns.</param>
    /// <param name="path">Its file.</param>
    /// <param name="session">Session settings.</param>
    /// <exception cref="LatentSyncException">ONNX Runtime refuses it.</exception>
    public IInferenceEngine? Load(PackComponent component, OnnxGraph graph, string path, OnnxRuntimeOptions session) =>
        Statistics.TryGetValue(component.Name, out NetworkStatistics? statistics) ? CalibratingEngine.Load(graph, path, statistics, Stride, session) : null;

    /// <summary>As above, reading the graph from its file.</summary>
    /// <exception cref="LatentSyncException">The file is damaged, or ONNX Runtime refuses it.</exception>
    public IInferenceEngine? Load(PackComponent component, string path, OnnxRuntimeOptions session)
    {
        if (!Statistics.ContainsKey(component.Name))
        {
            return null;
        }

        using OnnxModelReader model = OnnxModelReader.Open(path);
        return Load(component, model.Graph, path, session);
    }
}
