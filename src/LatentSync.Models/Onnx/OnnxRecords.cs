using LatentSync.Models.Onnx.Protobuf;

namespace LatentSync.Models.Onnx;

/// <summary>From ONNX's messages to the graph's records; the other way is <see cref="ProtoMapping"/>.</summary>
internal static class OnnxRecords
{
    public static bool IsDefaultDomain(string domain) => domain is "" or "ai.onnx";

    public static OnnxNode ToNode(NodeProto node, Func<string, Exception> refused) => IsDefaultDomain(node.Domain)
        ? new OnnxNode(node.OpType, node.Name, [.. node.Input], [.. node.Output], [.. node.Attribute.Select(attribute => ToAttribute(node, attribute, refused))])
        : throw refused($"node '{node.Name}' is a {node.OpType} of the foreign domain '{node.Domain}'");

    public static OnnxValueInfo ToValue(ValueInfoProto value, Func<string, Exception> refused)
    {
        if (value.Type?.TensorType is not { Shape: { } shape } tensor)
        {
            throw refused($"'{value.Name}' is not a tensor of a stated rank");
        }

        return new OnnxValueInfo(value.Name, ToElementType(tensor.ElemType, $"'{value.Name}'", refused), [.. shape.Dim.Select(ToDimension)]);
    }

    public static OnnxElementType ToElementType(int type, string what, Func<string, Exception> refused) => Enum.IsDefined((OnnxElementType)type)
        ? (OnnxElementType)type
        : throw refused($"{what} has element type {type}, which is not supported");

    // A dimension that says nothing is one that may be anything: a symbol without a name.
    private static OnnxDimension ToDimension(TensorShapeProto.Types.Dimension extent) =>
        extent.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? extent.DimValue : extent.DimParam;

    private static OnnxAttribute ToAttribute(NodeProto node, AttributeProto attribute, Func<string, Exception> refused) => new(attribute.Name, attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Int => attribute.I,
        AttributeProto.Types.AttributeType.Float => attribute.F,
        AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
        AttributeProto.Types.AttributeType.Floats => attribute.Floats.ToArray(),
        _ => throw refused($"attribute '{attribute.Name}' of node '{node.Name}' ({node.OpType}) is a {attribute.Type}"),
    });
}
