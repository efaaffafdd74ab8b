namespace LatentSync.Models.Onnx;

/// <summary>Element types of tensors; the values are ONNX's own (<c>TensorProto.DataType</c>).</summary>
public enum OnnxElementType
{
    /// <summary>IEEE single precision.</summary>
    Float = 1,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 3,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 6,

    /// <summary>Signed 64-bit integer: shapes and indices.</summary>
    Int64 = 7,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,

    /// <summary>IEEE half precision.</summary>
    Float16 = 10,

    /// <summary>The upper half of a single-precision float.</summary>
    BFloat16 = 16,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits, finite only.</summary>
    Float8E4M3FN = 17,
}
