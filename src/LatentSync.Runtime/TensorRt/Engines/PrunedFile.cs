namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>A file or folder that was removed from a cache.</summary>
/// <param name="Path">Where it was.</param>
/// <param name="SizeInBytes">How large it was.</param>
/// <param name="Reason">Why it went.</param>
public sealed record PrunedFile(string Path, long SizeInBytes, string Reason);
