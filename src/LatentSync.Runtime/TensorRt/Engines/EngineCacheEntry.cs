namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>A file of an engine cache.</summary>
/// <param name="Path">The file.</param>
/// <param name="SizeInBytes">Its size.</param>
/// <param name="LastUsed">When it was made or last looked up, UTC.</param>
/// <param name="File">The engine; null if it cannot be used.</param>
/// <param name="Refusal">Why it can never be used, in one sentence: it is damaged, or no engine; null if that is not so or not known.</param>
/// <param name="Unreadable">Why it cannot be read now, in one sentence, such as want of rights or a disk's error; null if it can. It may be a good engine.</param>
public sealed record EngineCacheEntry(string Path, long SizeInBytes, DateTime LastUsed, EngineFile? File, string? Refusal, string? Unreadable = null);
