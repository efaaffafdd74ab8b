using LatentSync.Models.Onnx;

namespace LatentSync.Models.Quantization.Layers;

/// <summary>A node that multiplies by a constant weight.</summary>
/// <param name="Name">The checkpoint's key of its module; two nodes that hold parts of one module's weight share it.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Node">The node: a Conv, or a Gemm whose weight is [out, in].</param>
/// <param name="Weight">Its weight, float32, output channels outermost.</param>
internal sealed record QuantizableLayer(string Name, LayerKind Kind, OnnxNode Node, OnnxInitializer Weight)
{
    /// <summary>Output channels.</summary>
    public int Channels => (int)Weight.Shape[0];

    /// <summary>The value that it reads.</summary>
    public string Input => Node.Inputs[0];

    /// <summary>The value that it makes.</summary>
    public string Output => Node.Outputs[0];

    /// <summary>Its bias, or null.</summary>
    public string? Bias => Node.Inputs.Count > 2 && Node.Inputs[2].Length > 0 ? Node.Inputs[2] : null;
}
