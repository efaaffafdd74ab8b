namespace LatentSync.Models.Packs;

/// <summary>A file of a pack that is not what the manifest promises.</summary>
/// <param name="Path">Path inside the pack.</param>
/// <param name="Reason">What is wrong, in one sentence.</param>
public sealed record PackMismatch(string Path, string Reason);
