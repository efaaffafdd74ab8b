namespace LatentSync.Models.Quantization.Recipes;

/// <summary>What a quantized network is made for: runtimes are fast with different forms of the same arithmetic.</summary>
public enum QuantizationTarget
{
    /// <summary>ONNX Runtime's CPU provider: 8-bit integers only, and convolutions want their results quantized as well.</summary>
    OnnxCpu,

    /// <summary>TensorRT 10 and 11: Q/DQ pairs before the weights' layers, symmetric, and no operators of integers.</summary>
    TensorRt,
}
