using LatentSync.Models.Onnx;

namespace LatentSync.Models.Quantization.Passes;

/// <summary>The form that a runtime wants Q/DQ pairs in.</summary>
/// <param name="Type">The 8-bit type: Int8 or Float8E4M3FN.</param>
internal sealed record QdqForm(OnnxElementType Type)
{
    /// <summary>The largest number of activations.</summary>
    public float LargestCode => Type == OnnxElementType.Int8 ? sbyte.MaxValue : Float8.Largest;

    /// <summary>The largest number of weights.</summary>
    public float LargestWeightCode { get; init; } = Type == OnnxElementType.Int8 ? sbyte.MaxValue : Float8.Largest;

    /// <summary>
    /// Whether activations are unsigned with zero point 128, the same numbers: processors multiply unsigned by signed codes, and ONNX Runtime would turn signed
    /// ones into these by itself, which ends in an error (1.31.1) where it has moved a pair through a Reshape.
    /// </summary>
    public bool HasUnsignedActivations { get; init; }

    /// <summary>Whether convolutions' results are quantized too: ONNX Runtime's CPU provider runs them in integers only then.</summary>
    public bool QuantizesConvolutionResults { get; init; }

    /// <summary>Whether biases become 32-bit integers: ONNX Runtime's CPU provider leaves a layer in float32 otherwise. TensorRT wants them in floats.</summary>
    public bool QuantizesBiases { get; init; }

    /// <summary>Whether scales are made to fit half precision.</summary>
    public bool HasHalfScales { get; init; }

    /// <summary>Whether only weights are quantized.</summary>
    public bool WeightsOnly { get; init; }
}
