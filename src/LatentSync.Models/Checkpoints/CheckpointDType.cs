namespace LatentSync.Models.Checkpoints;

/// <summary>Element types found in checkpoints.</summary>
public enum CheckpointDType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64,

    /// <summary>Signed 8-bit integer.</summary>
    Int8,

    /// <summary>Signed 16-bit integer.</summary>
    Int16,

    /// <summary>Signed 32-bit integer.</summary>
    Int32,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,

    /// <summary>Four exponent and three mantissa bits, no infinities (the OCP format's E4M3, torch's <c>float8_e4m3fn</c>).</summary>
    Float8E4M3,

    /// <summary>The upper byte of a half-precision float (the OCP format's E5M2, torch's <c>float8_e5m2</c>).</summary>
    Float8E5M2,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a single-precision float.</summary>
    BFloat16,

    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE double precision.</summary>
    Float64,
}
