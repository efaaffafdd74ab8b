namespace LatentSync.GpuBundle;

/// <summary>One launch of a case.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Extent">How many threads do work.</param>
/// <param name="Parameters">The parameters' bytes, zero where a pointer belongs.</param>
/// <param name="Pointers">The pointers among them; a view of nothing is none, and stays null.</param>
internal sealed record CaseLaunch(string Kernel, int Extent, byte[] Parameters, IReadOnlyList<CasePointer> Pointers);
