using LatentSync.Models.Onnx;

namespace LatentSync.Tests.Models.Precision;

/// <summary>Graphs of a few nodes from <c>x</c> [2,4] to <c>y</c> [2,4], float32.</summary>
internal static class SmallGraphs
{
    public static OnnxGraph Make(OnnxNode[] nodes, params OnnxInitializer[] initializers) => new()
    {
        Name = "small",
        Opset = 21,
        Inputs = [new("x", OnnxElementType.Float, [2, 4])],
        Outputs = [new("y", OnnxElementType.Float, [2, 4])],
        Nodes = nodes,
        Initializers = initializers,
    };

    public static OnnxNode Node(string operatorType, string output, params string[] inputs) => new(operatorType, output, inputs, [output], []);

    public static OnnxNode Cast(string output, string input, OnnxElementType type) =>
        new("Cast", output, [input], [output], [new OnnxAttribute("to", (long)type)]);

    /// <summary>A row of four weights.</summary>
    public static OnnxInitializer Weight(string name, params float[] values) => new(name, [values.Length], ConstantSource.Of(values));

    public static OnnxInitializer Int8(string name) => new(name, [], ConstantSource.FromBytes(OnnxElementType.Int8, [0]));

    public static OnnxInitializer Float8(string name) => new(name, [], ConstantSource.FromBytes(OnnxElementType.Float8E4M3FN, [0]));

    /// <summary>x through a QuantizeLinear and back, with a zero point of some type.</summary>
    public static OnnxGraph Quantized(OnnxInitializer zeroPoint) => Make(
        [Node("QuantizeLinear", "q", "x", "scale", zeroPoint.Name), Node("DequantizeLinear", "y", "q", "scale", zeroPoint.Name)],
        new OnnxInitializer("scale", [], ConstantSource.Of([0.5f])),
        zeroPoint);
}
