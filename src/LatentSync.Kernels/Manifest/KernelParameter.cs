namespace LatentSync.Kernels.Manifest;

/// <summary>One parameter of a kernel's entry point.</summary>
/// <param name="Name">Its name in the kernel's source.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Bytes from the start of the parameters.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Alignment">Alignment in bytes; the offset is a multiple of it.</param>
/// <param name="Element">Elements of a view: <c>uint8</c>, <c>int16</c>, <c>int32</c> or <c>float32</c>; the name of a structure; else null.</param>
/// <param name="ElementSize">Bytes of an element of a view; null for what is no view.</param>
public sealed record KernelParameter(
    string Name, KernelParameterKind Kind, int Offset, int Size, int Alignment, string? Element = null, int? ElementSize = null);
