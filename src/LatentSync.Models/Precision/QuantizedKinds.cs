namespace LatentSync.Models.Precision;

/// <summary>The kinds of 8-bit numbers that a network's QuantizeLinear and DequantizeLinear nodes make and read.</summary>
[Flags]
public enum QuantizedKinds
{
    /// <summary>The network is not quantized.</summary>
    None = 0,

    /// <summary>Signed 8-bit integers.</summary>
    Int8 = 1,

    /// <summary>8-bit floats with 4 exponent and 3 mantissa bits (E4M3, finite only).</summary>
    Float8 = 2,

    /// <summary>Others, such as unsigned integers, which TensorRT does not read.</summary>
    Other = 4,
}
