using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Models.Precision;

/// <summary>Makes a pack's networks ready for TensorRT: <see cref="PrecisionPass"/> and <see cref="GraphHasher"/> as the builder of engines wants them.</summary>
/// <param name="data">Hashes of files of weights that networks share; null if this is about one alone.</param>
public sealed class PackPreparation(DataHashes? data = null) : IModelPreparation
{
    private readonly DataHashes _data = data ?? new DataHashes();

    /// <inheritdoc/>
    // The passes' own compilation: no change of theirs can be forgotten, at the price of a rebuild after each.
    public string Version(EnginePrecision precision) =>
        precision == EnginePrecision.Fp32 ? "none" : $"{precision} of {typeof(PrecisionPass).Assembly.ManifestModule.ModuleVersionId}";

    /// <inheritdoc/>
    public GraphHash Hash(string modelPath, CancellationToken cancellationToken) => GraphHasher.Compute(modelPath, _data, cancellationToken);

    /// <inheritdoc/>
    public string Prepare(string modelPath, EnginePrecision precision, string folder, CancellationToken cancellationToken) =>
        PrecisionPass.Prepare(modelPath, precision, folder, cancellationToken).Path;
}
