namespace LatentSync.Models.Onnx;

/// <summary>A file that was written, hashed on the way.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="LengthInBytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record WrittenFile(string Path, long LengthInBytes, string Sha256);
