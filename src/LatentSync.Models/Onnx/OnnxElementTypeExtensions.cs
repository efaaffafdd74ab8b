namespace LatentSync.Models.Onnx;

/// <summary>Facts about element types.</summary>
public static class OnnxElementTypeExtensions
{
    /// <summary>Bytes that one element takes.</summary>
    /// <param name="type">The element type.</param>
    public static int SizeInBytes(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool or OnnxElementType.Float8E4M3FN => 1,
        OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float or OnnxElementType.Int32 => 4,
        OnnxElementType.Int64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
