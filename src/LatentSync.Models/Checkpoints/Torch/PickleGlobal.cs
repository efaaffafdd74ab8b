namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>A name of the allow-list, kept as text: it is compared, never resolved.</summary>
internal sealed record PickleGlobal(string FullName);
