using System.Text.Json.Serialization;

namespace LatentSync.Kernels.Manifest;

/// <summary>What a parameter of a kernel's entry point is.</summary>
public enum KernelParameterKind
{
    /// <summary>The number of threads that do work, int32; the first parameter of every kernel.</summary>
    [JsonStringEnumMemberName("extent")]
    Extent,

    /// <summary>Device memory: address (8 bytes), then number of elements (int64).</summary>
    [JsonStringEnumMemberName("view")]
    View,

    /// <summary>A 32-bit signed integer.</summary>
    [JsonStringEnumMemberName("int32")]
    Int32,

    /// <summary>A 32-bit float.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>A structure of numbers, laid out as C does.</summary>
    [JsonStringEnumMemberName("struct")]
    Struct,
}
