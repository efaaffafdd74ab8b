namespace LatentSync.Profiling.Profiles;

/// <summary>A network's time in each profiled run, and how much of it its layers explain.</summary>
/// <param name="Network">The network.</param>
/// <param name="Calls">How often it ran in one run of the job.</param>
/// <param name="RunSeconds">All its calls together as the session timed them, one value a run.</param>
/// <param name="LayerSeconds">All its layers together, one value a run.</param>
public sealed record NetworkTimes(string Network, int Calls, IReadOnlyList<double> RunSeconds, IReadOnlyList<double> LayerSeconds);
