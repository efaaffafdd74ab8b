using LatentSync.Runtime.Diagnostics;

namespace LatentSync.Pipeline;

/// <summary>One thing that was looked for on this machine.</summary>
/// <param name="Probe">What was found.</param>
/// <param name="Required">Whether no job can run without it; the rest makes jobs faster.</param>
public sealed record MachineFinding(ProbeResult Probe, bool Required);
