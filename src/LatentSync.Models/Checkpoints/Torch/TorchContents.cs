namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>What a torch file holds, before the state dict is looked for.</summary>
/// <param name="Root">The pickle's value.</param>
/// <param name="Storages">Where each storage's bytes lie, by its key; each at least as long as every claim on it.</param>
/// <param name="IsBigEndian">Whether elements are stored most significant byte first.</param>
internal sealed record TorchContents(object? Root, IReadOnlyDictionary<string, FileRegion> Storages, bool IsBigEndian);
