namespace LatentSync.Runtime.Diagnostics;

/// <summary>One thing that the engine can use and whether this machine has it.</summary>
/// <param name="Name">What was looked for.</param>
/// <param name="Found">Whether it is there and usable.</param>
/// <param name="Detail">Version and place if it was found, else what was tried and why it failed; one line.</param>
/// <param name="Fix">What to do to have it; empty if it was found.</param>
public sealed record ProbeResult(string Name, bool Found, string Detail, string Fix);
