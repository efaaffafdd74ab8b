using Google.Protobuf;
using LatentSync.Models.Onnx;
using LatentSync.Models.Onnx.Protobuf;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>What an ONNX file of others says of itself, read without running it.</summary>
/// <param name="ParameterCount">Elements of its initializers.</param>
/// <param name="Inputs">Its inputs; old exporters list the weights among them, those are left out.</param>
/// <param name="Outputs">Its outputs.</param>
internal sealed record OnnxFile(long ParameterCount, IReadOnlyList<TensorContract> Inputs, IReadOnlyList<TensorContract> Outputs)
{
    // InsightFace's largest detector takes 17 MB.
    private const long MaxSizeInBytes = 256 << 20;

    /// <summary>Reads the detector and checks that it has SCRFD's outputs: scores, boxes and keypoints at three strides.</summary>
    public static OnnxFile ReadDetector(string path) =>
        Read(path) is { Inputs.Count: 1, Outputs.Count: 9 } file
            ? file
            : throw new LatentSyncException(LatentSyncError.Model, $"{path}: not an SCRFD detector with keypoints (one input, nine outputs); use det_10g.onnx of InsightFace's buffalo_l");

    /// <summary>Reads the landmark network and checks that it has one input and one output.</summary>
    public static OnnxFile ReadLandmarks(string path) =>
        Read(path) is { Inputs.Count: 1, Outputs.Count: 1 } file
            ? file
            : throw new LatentSyncException(LatentSyncError.Model, $"{path}: not a 106-point landmark network (one input, one output); use 2d106det.onnx of InsightFace's buffalo_l");

    private static OnnxFile Read(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxSizeInBytes)
            {
                throw Refused(path, $"{stream.Length >> 20} MiB is too large for a face network");
            }

            GraphProto graph = ModelProto.Parser.ParseFrom(stream).Graph ?? throw Refused(path, "it holds no graph");
            if (graph.Node.Count == 0)
            {
                throw Refused(path, "it holds no graph");
            }

            if (graph.Initializer.Any(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External))
            {
                throw Refused(path, "its weights lie in another file");
            }

            HashSet<string> weights = [.. graph.Initializer.Select(tensor => tensor.Name)];
            return new OnnxFile(
                graph.Initializer.Sum(ElementCount),
                [.. graph.Input.Where(input => !weights.Contains(input.Name)).Select(Contract)],
                [.. graph.Output.Select(Contract)]);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or OverflowException)
        {
            throw Refused(path, "it cannot be parsed", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); check its permissions", exception);
        }
    }

    private static long ElementCount(TensorProto tensor) => tensor.Dims.Aggregate(1L, (count, extent) => checked(count * extent));

    private static TensorContract Contract(ValueInfoProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        long[] shape = [.. tensor?.Shape?.Dim.Select(dim => dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? dim.DimValue : -1) ?? []];
        return new TensorContract(value.Name, ElementTypeName((OnnxElementType)(tensor?.ElemType ?? 0)), shape);
    }

    /// <summary>ONNX's spelling of an element type, as inference engines report it.</summary>
    public static string ElementTypeName(OnnxElementType type) => type switch
    {
        OnnxElementType.Float or OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Int32 or OnnxElementType.Int64 or OnnxElementType.Bool
            or OnnxElementType.Float16 or OnnxElementType.BFloat16 => type.ToString().ToLowerInvariant(),
        OnnxElementType.Float8E4M3FN => "float8e4m3fn",
        _ => "unknown",
    };

    private static LatentSyncException Refused(string path, string reason, Exception? inner = null) =>
        new(LatentSyncError.Model, $"{path}: not a usable ONNX file ({reason}); fetch InsightFace's buffalo_l again", inner);
}
