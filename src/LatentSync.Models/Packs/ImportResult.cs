namespace LatentSync.Models.Packs;

/// <summary>What an import made.</summary>
/// <param name="Pack">The finished pack.</param>
/// <param name="Warnings">What a user should know, one sentence each; empty if all was as it should be.</param>
public sealed record ImportResult(ModelPack Pack, IReadOnlyList<string> Warnings);
