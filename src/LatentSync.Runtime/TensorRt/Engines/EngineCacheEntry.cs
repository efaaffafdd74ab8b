namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>A file of an engine cache.</summary>
/// <param name="Path">The file.</param>
/// <param name="SizeInBytes">Its size.</param>
/// <param name="LastUsed">When it was made or last looked up, UTC.</param>
/// <param name="File">The engine; null if it cannot be used.</param>
/// <param name="Refusal">Why it cannot be used, in one sentence; null if it can.</param>
public sealed record EngineCacheEntry(string Path, long SizeInBytes, DateTime LastUsed, EngineFile? File, string? Refusal);
