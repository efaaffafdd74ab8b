using System.Globalization;
using Google.Protobuf;
using LatentSync.Models.Onnx.Protobuf;

namespace LatentSync.Models.Onnx;

/// <summary>From the graph's records to ONNX's messages.</summary>
internal static class ProtoMapping
{
    /// <summary>Nodes, inputs and outputs.</summary>
    public static GraphProto WithoutWeights(OnnxGraph graph)
    {
        GraphProto proto = new() { Name = graph.Name };
        proto.Node.AddRange(graph.Nodes.Select(ToProto));
        proto.Input.AddRange(graph.Inputs.Select(ToProto));
        proto.Output.AddRange(graph.Outputs.Select(ToProto));
        return proto;
    }

    public static NodeProto ToProto(OnnxNode node)
    {
        NodeProto proto = new() { Name = node.Name, OpType = node.OperatorType };
        proto.Input.AddRange(node.Inputs);
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Select(ToProto));
        return proto;
    }

    public static ValueInfoProto ToProto(OnnxValueInfo value)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(value.Shape.Select(d => d.Symbol is null
            ? new TensorShapeProto.Types.Dimension { DimValue = d.Value }
            : new TensorShapeProto.Types.Dimension { DimParam = d.Symbol }));
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)value.ElementType, Shape = shape };
        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = tensor } };
    }

    public static TensorProto Inline(OnnxInitializer initializer)
    {
        byte[] bytes = new byte[initializer.SizeInBytes];
        initializer.Source.Read(0, bytes);
        TensorProto proto = Header(initializer);
        proto.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        return proto;
    }

    public static TensorProto External(OnnxInitializer initializer, string fileName, long offset)
    {
        TensorProto proto = Header(initializer);
        proto.DataLocation = TensorProto.Types.DataLocation.External;
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = fileName });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = initializer.SizeInBytes.ToString(CultureInfo.InvariantCulture) });
        return proto;
    }

    private static TensorProto Header(OnnxInitializer initializer)
    {
        TensorProto proto = new() { Name = initializer.Name, DataType = (int)initializer.ElementType };
        proto.Dims.AddRange(initializer.Shape);
        return proto;
    }

    private static AttributeProto ToProto(OnnxAttribute attribute)
    {
        AttributeProto proto = new() { Name = attribute.Name };
        switch (attribute.Value)
        {
            case long number:
                proto.I = number;
                proto.Type = AttributeProto.Types.AttributeType.Int;
                break;
            case float number:
                proto.F = number;
                proto.Type = AttributeProto.Types.AttributeType.Float;
                break;
            case string text:
                proto.S = ByteString.CopyFromUtf8(text);
                proto.Type = AttributeProto.Types.AttributeType.String;
                break;
            case long[] numbers:
                proto.Ints.AddRange(numbers);
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case float[] numbers:
                proto.Floats.AddRange(numbers);
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                break;
            default:
                throw new ArgumentException($"attribute '{attribute.Name}' has a value of type {attribute.Value?.GetType().Name}");
        }

        return proto;
    }
}
