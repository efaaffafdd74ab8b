using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using LatentSync.Models.Onnx.Protobuf;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Models.Onnx;

/// <summary>Hashes a network: its structure, and all of it with every byte of its weights.</summary>
public static class GraphHasher
{
    // Weights lie in files of their own: a pack's model files take less than 2 MiB.
    private const long MaxModelSizeInBytes = 256 << 20;

    /// <summary>Reads the model and its data files.</summary>
    /// <param name="modelPath">The <c>.onnx</c> file; its data files lie below the same folder.</param>
    /// <param name="cancellationToken">Stops between windows of a file.</param>
    /// <exception cref="LatentSyncException">A file is missing, damaged or cannot be read.</exception>
    public static GraphHash Compute(string modelPath, CancellationToken cancellationToken = default) => Compute(modelPath, new DataHashes(), cancellationToken);

    /// <summary>As above, with what is known of the data files already.</summary>
    /// <param name="modelPath">The <c>.onnx</c> file.</param>
    /// <param name="data">Hashes of data files; those that are read are added.</param>
    /// <param name="cancellationToken">Stops between windows of a file.</param>
    /// <exception cref="LatentSyncException">A file is missing, damaged or cannot be read.</exception>
    public static GraphHash Compute(string modelPath, DataHashes data, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentNullException.ThrowIfNull(data);
        using (OnnxModelReader.Open(modelPath))
        {
            // Refuses what the hash below would not see, such as weights of subgraphs.
        }

        return Compute(modelPath, Read(modelPath), data, cancellationToken);
    }

    /// <summary>Hashes a network that was made of a file in memory, with the weights that it refers to.</summary>
    /// <param name="modelPath">The file that it was made of.</param>
    /// <param name="image">The network.</param>
    /// <param name="data">Hashes of data files; those that are read are added.</param>
    /// <param name="cancellationToken">Stops between windows of a file.</param>
    /// <exception cref="LatentSyncException">A file is missing, damaged or cannot be read.</exception>
    public static GraphHash Compute(string modelPath, OnnxModelImage image, DataHashes data, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(data);
        return Compute(modelPath, image.Bytes.ToArray(), data, cancellationToken);
    }

    private static GraphHash Compute(string modelPath, byte[] bytes, DataHashes data, CancellationToken cancellationToken)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw Refused(modelPath, "it cannot be parsed", exception);
        }

        if (model.Graph is null)
        {
            throw Refused(modelPath, "it holds no graph");
        }

        TensorProto[] tensors = [.. Tensors(model.Graph)];
        string content = Content(modelPath, bytes, tensors, data, cancellationToken);
        foreach (TensorProto weight in tensors.Where(tensor => IsWeight((OnnxElementType)tensor.DataType)))
        {
            Empty(weight);
        }

        return new GraphHash(FileHash.ToText(SHA256.HashData(model.ToByteArray())), content);
    }

    private static string Content(string modelPath, byte[] model, TensorProto[] tensors, DataHashes data, CancellationToken cancellationToken)
    {
        StringBuilder list = new(FileHash.ToText(SHA256.HashData(model)));
        IEnumerable<string> locations = tensors
            .Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External)
            .Select(tensor => tensor.ExternalData.FirstOrDefault(entry => entry.Key == "location")?.Value ?? string.Empty)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        foreach (string location in locations)
        {
            if (!ManifestFile.IsInside(location))
            {
                throw Refused(modelPath, "its weights lie outside its folder");
            }

            (long size, string sha256) = data.Of(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelPath))!, location), cancellationToken);
            // The names are in the model's own hash.
            list.Append('\n').Append(size).Append(' ').Append(sha256);
        }

        return FileHash.ToText(SHA256.HashData(Encoding.ASCII.GetBytes(list.ToString())));
    }

    // Those of constant nodes too; subgraphs are refused by the reader.
    private static IEnumerable<TensorProto> Tensors(GraphProto graph) => graph.Initializer.Concat(
        graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.T is not null).Select(attribute => attribute.T));

    // Whole numbers are shapes, axes and indices: they belong to the structure.
    private static bool IsWeight(OnnxElementType type) =>
        type is OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.BFloat16 or OnnxElementType.Int8 or OnnxElementType.UInt8 or OnnxElementType.Float8E4M3FN;

    private static void Empty(TensorProto tensor)
    {
        tensor.RawData = ByteString.Empty;
        tensor.ExternalData.Clear();
        tensor.ClearDataLocation();
    }

    private static byte[] Read(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxModelSizeInBytes)
            {
                throw Refused(path, $"{stream.Length >> 20} MiB without external data is too large");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); check the file and its permissions", exception);
        }
    }

    private static LatentSyncException Refused(string path, string reason, Exception? inner = null) =>
        new(LatentSyncError.Model, $"{path}: not a usable ONNX file ({reason}); import the checkpoints again with 'latentsync models import'", inner);
}
