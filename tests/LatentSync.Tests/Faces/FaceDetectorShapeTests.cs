using System.Runtime.InteropServices;
using Google.Protobuf;
using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Models.Onnx;
using LatentSync.Models.Onnx.Protobuf;

namespace LatentSync.Tests.Faces;

/// <summary>InsightFace's own files declare the output sizes of a 640x640 input while their input is dynamic, and run at 512x512.</summary>
public class FaceDetectorShapeTests
{
    [Fact]
    public void Detect_DeclaredOutputsOfAnotherSize_RunsAgainAndAgain()
    {
        string path = Path.Combine(Path.GetTempPath(), $"declared-{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(path, DetectorDeclaredFor(640).ToByteArray());
            using FaceDetector detector = FaceDetector.Load(path, FaceModels.Options);
            RgbImage white = new(512, 512), black = new(512, 512);
            white.Span.Fill(255);
            int faces = detector.Detect(white).Count;
            Assert.NotEqual(0, faces);
            Assert.Empty(detector.Detect(black));
            Assert.Equal(faces, detector.Detect(white).Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A network whose every output is the brightness of the anchor's cell.</summary>
    private static ModelProto DetectorDeclaredFor(int size)
    {
        ModelProto model = new() { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 11 } }, Graph = new GraphProto { Name = "declared" } };
        GraphProto graph = model.Graph;
        graph.Input.Add(Value("input.1", 1, 3, -1, -1));
        foreach (int width in (int[])[1, 4, 10])
        {
            TensorProto shape = new() { Name = $"shape{width}", DataType = (int)OnnxElementType.Int64 };
            shape.Dims.Add(2);
            shape.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>([-1, width]));
            graph.Initializer.Add(shape);
            foreach (int stride in (int[])[8, 16, 32])
            {
                string name = $"{width}_{stride}";
                graph.Node.Add(Node("AveragePool", ["input.1"], $"pool{name}", ("kernel_shape", [stride, stride]), ("strides", [stride, stride])));
                graph.Node.Add(Node("ReduceMean", [$"pool{name}"], $"mean{name}", ("axes", [1])));
                NodeProto concat = Node("Concat", [.. Enumerable.Repeat($"mean{name}", 2 * width)], $"concat{name}");
                concat.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
                graph.Node.Add(concat);
                graph.Node.Add(Node("Transpose", [$"concat{name}"], $"transpose{name}", ("perm", [0, 2, 3, 1])));
                graph.Node.Add(Node("Reshape", [$"transpose{name}", $"shape{width}"], name));
                graph.Output.Add(Value(name, 2L * (size / stride) * (size / stride), width));
            }
        }

        return model;
    }

    private static NodeProto Node(string type, string[] inputs, string output, params (string Name, long[] Values)[] attributes)
    {
        NodeProto node = new() { OpType = type, Name = output, Input = { inputs }, Output = { output } };
        node.Attribute.AddRange(attributes.Select(a => new AttributeProto { Name = a.Name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { a.Values } }));
        return node;
    }

    private static ValueInfoProto Value(string name, params long[] shape)
    {
        TypeProto.Types.Tensor type = new() { ElemType = (int)OnnxElementType.Float, Shape = new TensorShapeProto() };
        type.Shape.Dim.AddRange(shape.Select((d, i) => d < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = $"d{i}" }
            : new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }
}
