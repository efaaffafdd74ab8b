using Google.Protobuf;
using LatentSync.Models.Onnx.Protobuf;
using LatentSync.Runtime;

namespace LatentSync.Models.Onnx;

/// <summary>
/// Writes a graph as an <c>.onnx</c> file with its weights in one <c>.onnx.data</c> file beside it. Weights stream through a few fixed
/// buffers, so memory does not grow with the network; the same graph always gives the same bytes.
/// </summary>
public static class OnnxModelWriter
{
    // Constants up to this size (shapes, axes, short biases) stay in the model file, where runtimes want them for shape inference.
    private const int MaxInlineSizeInBytes = 512;

    // Large weights start on pages, so that a runtime can map them; small ones only where vector loads like them.
    private const int PageSizeInBytes = 4096;
    private const int VectorSizeInBytes = 64;

    // ONNX asks readers for the oldest version that covers what a file uses: 8 covers opset 17, 10 covers opset 21.
    private const int IrVersion = 10;

    /// <summary>Writes a graph. Both files are written beside their final names and renamed when complete.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="path">The <c>.onnx</c> file; the data file is this path with <c>.data</c> added.</param>
    /// <param name="progress">Told the number of weight bytes written so far, every few megabytes.</param>
    /// <param name="cancellationToken">Stops the writing and removes what was written.</param>
    /// <returns>The files with their SHA-256, computed while writing.</returns>
    /// <exception cref="LatentSyncException">The checkpoint cannot be read or the files cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static OnnxModelFiles Write(OnnxGraph graph, string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string dataPath = path + ".data", temporaryModel = path + ".part", temporaryData = dataPath + ".part";
        try
        {
            ModelProto model = Describe(graph, Path.GetFileName(dataPath), out List<(TensorSource Source, long Offset)> external);
            HashedFile? data = external.Count > 0 ? WeightStream.Write(temporaryData, external, progress, cancellationToken) : null;
            HashedFile file = HashedFile.Write(temporaryModel, model.ToByteArray());

            // The data first: a model file never stands without what it refers to.
            if (data is not null)
            {
                File.Move(temporaryData, dataPath, overwrite: true);
            }

            File.Move(temporaryModel, path, overwrite: true);
            return new OnnxModelFiles(file.At(path), data?.At(dataPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{path}: cannot be written ({exception.Message}); check the folder's permissions and free space", exception);
        }
        finally
        {
            // Left only if something failed; a file that cannot be deleted must not hide why.
            TryDelete(temporaryData);
            TryDelete(temporaryModel);
        }
    }

    /// <summary>Where each constant goes: its place in the data file in bytes, or null in the model file itself.</summary>
    internal static IEnumerable<(OnnxInitializer Initializer, long? Offset)> Layout(OnnxGraph graph)
    {
        long end = 0;
        foreach (OnnxInitializer initializer in graph.Initializers)
        {
            if (initializer.SizeInBytes <= MaxInlineSizeInBytes || initializer.ElementType == OnnxElementType.Int64)
            {
                yield return (initializer, null);
                continue;
            }

            long alignment = initializer.SizeInBytes >= PageSizeInBytes ? PageSizeInBytes : VectorSizeInBytes;
            long offset = (end + alignment - 1) / alignment * alignment;
            end = offset + initializer.SizeInBytes;
            yield return (initializer, offset);
        }
    }

    private static ModelProto Describe(OnnxGraph graph, string dataFileName, out List<(TensorSource Source, long Offset)> external)
    {
        external = [];
        GraphProto proto = ProtoMapping.WithoutWeights(graph);
        foreach ((OnnxInitializer initializer, long? offset) in Layout(graph))
        {
            if (offset is not { } position)
            {
                proto.Initializer.Add(ProtoMapping.Inline(initializer));
                continue;
            }

            proto.Initializer.Add(ProtoMapping.External(initializer, dataFileName, position));
            external.Add((initializer.Source, position));
        }

        return Describe(graph, proto);
    }

    /// <summary>The model around a graph's message.</summary>
    internal static ModelProto Describe(OnnxGraph graph, GraphProto proto)
    {
        ModelProto model = new() { IrVersion = IrVersion, ProducerName = "LatentSync", Graph = proto };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = graph.Opset });
        model.MetadataProps.AddRange(graph.Metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
