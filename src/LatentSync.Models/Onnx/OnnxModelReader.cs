using System.Globalization;
using Google.Protobuf;
using LatentSync.Models.Onnx.Protobuf;
using LatentSync.Runtime;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Models.Onnx;

/// <summary>
/// Reads a graph that <see cref="OnnxModelWriter"/> can write: the operators at once, the weights only when they are asked for, from the
/// data file that stays open as long as this object. What the graph's records cannot hold (subgraphs, foreign domains) is refused by name.
/// </summary>
public sealed class OnnxModelReader : IDisposable
{
    // Weights lie in a file of their own: a pack's model files take less than 2 MiB.
    private const long MaxModelSizeInBytes = 256 << 20;

    private readonly Dictionary<string, SafeFileHandle> _dataFiles = new(StringComparer.Ordinal);
    private readonly string _path;

    private OnnxModelReader(string path)
    {
        _path = path;
        try
        {
            Graph = ReadGraph(Parse());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network; its sources can be read until this object is disposed.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="path">The <c>.onnx</c> file; its data files lie in the same folder.</param>
    /// <exception cref="LatentSyncException">A file is missing, damaged, or holds what is not supported.</exception>
    public static OnnxModelReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new OnnxModelReader(path);
    }

    /// <summary>Closes the data files.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle file in _dataFiles.Values)
        {
            file.Dispose();
        }
    }

    private ModelProto Parse()
    {
        try
        {
            using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return !stream.CanSeek || stream.Length <= MaxModelSizeInBytes
                ? ModelProto.Parser.ParseFrom(stream)
                : throw Refused($"{stream.Length >> 20} MiB is too large: its weights do not lie in a file of their own");
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw Refused("it cannot be parsed", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{_path}: cannot be read ({exception.Message}); import the checkpoints again with 'latentsync models import'", exception);
        }
    }

    private OnnxGraph ReadGraph(ModelProto model)
    {
        GraphProto graph = model.Graph ?? throw Refused("it holds no graph");
        OperatorSetIdProto opset = model.OpsetImport.FirstOrDefault(set => OnnxRecords.IsDefaultDomain(set.Domain)) ?? throw Refused("it names no version of ONNX's operators");
        HashSet<string> weights = [.. graph.Initializer.Select(tensor => tensor.Name)];
        return new OnnxGraph
        {
            Name = graph.Name,
            Opset = opset.Version is > 0 and <= int.MaxValue ? (int)opset.Version : throw Refused($"version {opset.Version} of ONNX's operators does not exist"),
            Inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name)).Select(value => OnnxRecords.ToValue(value, Refused))],
            Outputs = [.. graph.Output.Select(value => OnnxRecords.ToValue(value, Refused))],
            Nodes = [.. graph.Node.Select(node => OnnxRecords.ToNode(node, Refused))],
            Initializers = [.. graph.Initializer.Select(ReadInitializer)],
            Metadata = [.. model.MetadataProps.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))],
        };
    }

    private OnnxInitializer ReadInitializer(TensorProto tensor)
    {
        OnnxElementType type = OnnxRecords.ToElementType(tensor.DataType, $"constant '{tensor.Name}'", Refused);
        long count = ElementCount(tensor);
        long length = count * type.SizeInBytes();
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            return new OnnxInitializer(tensor.Name, [.. tensor.Dims], ExternalSource(tensor, type, count, length));
        }

        return tensor.RawData.Length == length
            ? new OnnxInitializer(tensor.Name, [.. tensor.Dims], ConstantSource.FromBytes(type, tensor.RawData.ToByteArray()))
            : throw Refused($"constant '{tensor.Name}' holds {tensor.RawData.Length} raw bytes, its shape {length}");
    }

    private long ElementCount(TensorProto tensor)
    {
        Int128 count = 1;
        foreach (long extent in tensor.Dims)
        {
            // An element takes up to 8 bytes: beyond this bound the size of a damaged file's constant would not fit in 64 bits.
            count *= extent;
            if (extent < 0 || count > long.MaxValue / 8)
            {
                throw Refused($"constant '{tensor.Name}' has an impossible shape");
            }
        }

        return (long)count;
    }

    private DataFileSource ExternalSource(TensorProto tensor, OnnxElementType type, long count, long length)
    {
        string? location = Entry(tensor, "location");
        if (string.IsNullOrEmpty(location) || Path.GetFileName(location) != location || location is "." or "..")
        {
            throw Refused($"the weights of '{tensor.Name}' lie in '{location}', not in a file beside it");
        }

        string path = Path.Combine(Path.GetDirectoryName(_path) ?? string.Empty, location);
        long offset = Number(tensor, "offset", 0);
        SafeFileHandle file = OpenData(path);
        return offset >= 0 && Number(tensor, "length", length) == length && offset <= RandomAccess.GetLength(file) - length
            ? new DataFileSource(file, path, offset, type, count)
            : throw new LatentSyncException(LatentSyncError.Model, $"{path}: does not hold the {length} bytes of '{tensor.Name}' at {offset}; import the checkpoints again with 'latentsync models import'");
    }

    private SafeFileHandle OpenData(string path)
    {
        if (!_dataFiles.TryGetValue(path, out SafeFileHandle? file))
        {
            try
            {
                file = File.OpenHandle(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); import the checkpoints again with 'latentsync models import'", exception);
            }

            _dataFiles.Add(path, file);
        }

        return file;
    }

    private long Number(TensorProto tensor, string key, long missing) => Entry(tensor, key) is not { } text
        ? missing
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Refused($"the {key} of '{tensor.Name}' is '{text}', not a number");

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private LatentSyncException Refused(string reason) => Refused(reason, null);

    private LatentSyncException Refused(string reason, Exception? inner) =>
        new(LatentSyncError.Model, $"{_path}: not a network of a model pack ({reason}); check the pack with 'latentsync models verify' and import the checkpoints again with 'latentsync models import'", inner);
}
