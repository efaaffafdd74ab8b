using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Precision;

/// <summary>Provides the graph that an engine of a given precision is built from: engines are strongly typed, so precision is the graph's.</summary>
public static class PrecisionPass
{
    /// <summary>
    /// fp32: the pack's own file. fp16: a half-precision copy <c>NAME.fp16.onnx</c> with <c>NAME.fp16.onnx.data</c>, the same bytes for the same pack.
    /// int8, fp8: the pack's own file, if it holds QuantizeLinear and DequantizeLinear nodes of that kind.
    /// </summary>
    /// <param name="onnxPath">A network of a model pack; its weights lie beside it.</param>
    /// <param name="precision">What the engine shall compute in.</param>
    /// <param name="outputFolder">Where a converted copy goes; made if it is not there. Files of the same name are replaced when the copy is complete.</param>
    /// <param name="cancellationToken">Stops the conversion and removes what it wrote.</param>
    /// <exception cref="LatentSyncException">
    /// A file is missing or damaged, has an operator that the pass does not know, holds no quantization of the wanted kind, or the copy cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PreparedModel Prepare(string onnxPath, EnginePrecision precision, string outputFolder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(onnxPath);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        cancellationToken.ThrowIfCancellationRequested();
        return precision switch
        {
            EnginePrecision.Fp32 => File.Exists(onnxPath)
                ? new PreparedModel(onnxPath, null)
                : throw new LatentSyncException(LatentSyncError.Model, $"{onnxPath}: no such model file; import the checkpoints again with 'latentsync models import'"),
            EnginePrecision.Fp16 => ToFloat16(onnxPath, outputFolder, cancellationToken),
            EnginePrecision.Int8 => RequireQuantized(onnxPath, QuantizedKinds.Int8, "int8"),
            EnginePrecision.Fp8 => RequireQuantized(onnxPath, QuantizedKinds.Float8, "fp8"),
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
        };
    }

    private static PreparedModel ToFloat16(string onnxPath, string outputFolder, CancellationToken cancellationToken)
    {
        using OnnxModelReader model = OnnxModelReader.Open(onnxPath);
        Float16Result result = Float16Pass.Apply(model.Graph, Float16Recipe.Default, OnnxElementType.Float16, onnxPath, cancellationToken);
        string path = Path.Combine(outputFolder, Path.GetFileNameWithoutExtension(onnxPath) + ".fp16.onnx");
        bool created = CreateFolder(outputFolder);
        try
        {
            OnnxModelWriter.Write(result.Graph, path, null, cancellationToken);
            created = false;
        }
        finally
        {
            if (created)
            {
                Directory.Delete(outputFolder);
            }
        }

        return new PreparedModel(path, result.Report);
    }

    private static bool CreateFolder(string folder)
    {
        try
        {
            bool missing = !Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            return missing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{folder}: cannot be created ({exception.Message}); choose a folder you may write to", exception);
        }
    }

    private static PreparedModel RequireQuantized(string onnxPath, QuantizedKinds wanted, string name)
    {
        using OnnxModelReader model = OnnxModelReader.Open(onnxPath);
        QuantizedKinds found = GraphQuantization.Find(model.Graph, onnxPath);
        if (found.HasFlag(wanted))
        {
            return new PreparedModel(onnxPath, null);
        }

        string state = found == QuantizedKinds.None ? "the network is not quantized" : $"the network is quantized as {found}";
        throw new LatentSyncException(LatentSyncError.Model, $"{onnxPath}: {state}; {name} engines need a pack whose networks hold QuantizeLinear and DequantizeLinear nodes of that kind, make one with 'latentsync quantize', or use fp16 or fp32");
    }
}
