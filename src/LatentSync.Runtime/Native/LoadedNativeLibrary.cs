namespace LatentSync.Runtime.Native;

/// <summary>The native library of this process.</summary>
/// <param name="Handle">The loader's handle.</param>
/// <param name="Path">The file.</param>
/// <param name="Attempts">What was looked for and what came of it, in order.</param>
internal sealed record LoadedNativeLibrary(nint Handle, string Path, IReadOnlyList<string> Attempts);
