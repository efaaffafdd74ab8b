using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Models.Precision;

/// <summary>Makes one network of a <see cref="UNetProgram"/> ready for TensorRT; the model is the pack's UNet, of which the program is built anew each time.</summary>
/// <param name="form">The program.</param>
/// <param name="part">Which of its networks.</param>
/// <param name="data">Hashes of files of weights that networks share; null if this is about one alone.</param>
public sealed class ProgramPreparation(UNetProgramOptions form, UNetPart part, DataHashes? data = null) : IModelPreparation
{
    private readonly PackPreparation _plain = new(data);
    private readonly DataHashes _data = data ?? new DataHashes();

    /// <inheritdoc/>
    // What the rewrites do is in the graph's hash.
    public string Version(EnginePrecision precision) => _plain.Version(precision);

    /// <inheritdoc/>
    public GraphHash Hash(string modelPath, CancellationToken cancellationToken)
    {
        using UNetFile file = UNetFile.Open(modelPath);
        return GraphHasher.Compute(modelPath, OnnxModelImage.Of(Graph(file, modelPath)), _data, cancellationToken);
    }

    /// <inheritdoc/>
    public string Prepare(string modelPath, EnginePrecision precision, string folder, CancellationToken cancellationToken)
    {
        using UNetFile file = UNetFile.Open(modelPath);
        string name = $"{Path.GetFileNameWithoutExtension(modelPath)}.{part.ToString().ToLowerInvariant()}";
        return PrecisionPass.Prepare(Graph(file, modelPath), modelPath, name, precision, folder, cancellationToken).Path;
    }

    private OnnxGraph Graph(UNetFile file, string modelPath)
    {
        OnnxGraph? graph = file.Build(form).Parts.FirstOrDefault(network => network.Part == part).Graph;
        return graph ?? throw new LatentSyncException(LatentSyncError.Model, $"{modelPath}: its program has no {part} network; import the checkpoints again with this version");
    }
}
