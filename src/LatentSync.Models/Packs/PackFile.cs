namespace LatentSync.Models.Packs;

/// <summary>A file of a pack, as the manifest promises it.</summary>
/// <param name="Path">Path inside the pack, with forward slashes.</param>
/// <param name="SizeInBytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its content, 64 lower-case hexadecimal digits.</param>
public sealed record PackFile(string Path, long SizeInBytes, string Sha256);
