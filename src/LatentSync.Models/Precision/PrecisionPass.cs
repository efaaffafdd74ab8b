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
            EnginePrecision.Int8 or EnginePrecision.Fp8 => RequireQuantized(onnxPath, precision),
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
        };
    }

    /// <summary>
    /// The precision of one network's engine where a pack's engines are wanted at another: at int8 and fp8 a network without QuantizeLinear and
    /// DequantizeLinear nodes is made in fp16, unless it must have some.
    /// </summary>
    /// <param name="onnxPath">The network.</param>
    /// <param name="wanted">What the pack's engines shall compute in.</param>
    /// <param name="mustBeQuantized">Whether such precisions make no sense without this network's being quantized.</param>
    /// <exception cref="LatentSyncException">The file is missing or damaged, or is quantized otherwise, or not and must be.</exception>
    public static EnginePrecision Resolve(string onnxPath, EnginePrecision wanted, bool mustBeQuantized)
    {
        ArgumentException.ThrowIfNullOrEmpty(onnxPath);
        if (wanted is not (EnginePrecision.Int8 or EnginePrecision.Fp8))
        {
            return wanted;
        }

        using (OnnxModelReader model = OnnxModelReader.Open(onnxPath))
        {
            if (!mustBeQuantized && GraphQuantization.Find(model.Graph, onnxPath) == QuantizedKinds.None)
            {
                return EnginePrecision.Fp16;
            }
        }

        RequireQuantized(onnxPath, wanted);
        return wanted;
    }

    /// <summary>
    /// The same for a network that was made of a pack's file in memory, written as <c>NAME.onnx</c> or <c>NAME.fp16.onnx</c>. At int8 and fp8 the file must hold
    /// nodes of that kind; the network itself need not.
    /// </summary>
    /// <param name="graph">The network; its weights can be read.</param>
    /// <param name="onnxPath">The file that it was made of.</param>
    /// <param name="name">The written file's name, without its ending.</param>
    /// <param name="precision">What the engine shall compute in.</param>
    /// <param name="outputFolder">Where it is written.</param>
    /// <param name="cancellationToken">Stops the work and removes what it wrote.</param>
    /// <exception cref="LatentSyncException">As above.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PreparedModel Prepare(
        OnnxGraph graph, string onnxPath, string name, EnginePrecision precision, string outputFolder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(onnxPath);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        cancellationToken.ThrowIfCancellationRequested();
        if (precision == EnginePrecision.Fp16)
        {
            return ToFloat16(graph, onnxPath, name, outputFolder, cancellationToken);
        }

        if (precision != EnginePrecision.Fp32)
        {
            // Refuses a file that is not quantized so.
            Prepare(onnxPath, precision, outputFolder, cancellationToken);
        }

        string path = Path.Combine(outputFolder, name + ".onnx");
        Write(graph, path, outputFolder, cancellationToken);
        return new PreparedModel(path, null);
    }

    private static PreparedModel ToFloat16(string onnxPath, string outputFolder, CancellationToken cancellationToken)
    {
        using OnnxModelReader model = OnnxModelReader.Open(onnxPath);
        return ToFloat16(model.Graph, onnxPath, Path.GetFileNameWithoutExtension(onnxPath), outputFolder, cancellationToken);
    }

    private static PreparedModel ToFloat16(OnnxGraph graph, string onnxPath, string name, string outputFolder, CancellationToken cancellationToken)
    {
        Float16Result result = Float16Pass.Apply(graph, Float16Recipe.Default, OnnxElementType.Float16, onnxPath, cancellationToken);
        string path = Path.Combine(outputFolder, name + ".fp16.onnx");
        Write(result.Graph, path, outputFolder, cancellationToken);
        return new PreparedModel(path, result.Report);
    }

    private static void Write(OnnxGraph graph, string path, string outputFolder, CancellationToken cancellationToken)
    {
        bool created = CreateFolder(outputFolder);
        try
        {
            OnnxModelWriter.Write(graph, path, null, cancellationToken);
            created = false;
        }
        finally
        {
            if (created)
            {
                Directory.Delete(outputFolder);
            }
        }
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

    private static PreparedModel RequireQuantized(string onnxPath, EnginePrecision precision) => precision == EnginePrecision.Int8
        ? RequireQuantized(onnxPath, QuantizedKinds.Int8, "int8")
        : RequireQuantized(onnxPath, QuantizedKinds.Float8, "fp8");

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
