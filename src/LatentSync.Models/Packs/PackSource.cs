namespace LatentSync.Models.Packs;

/// <summary>A file that a pack was made from.</summary>
/// <param name="Role">What it was read as, such as <c>unet</c> or <c>config</c>.</param>
/// <param name="FileName">Its name without folders: where it lay says nothing about the pack.</param>
/// <param name="SizeInBytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its content, 64 lower-case hexadecimal digits.</param>
public sealed record PackSource(string Role, string FileName, long SizeInBytes, string Sha256);
