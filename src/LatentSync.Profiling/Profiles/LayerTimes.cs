namespace LatentSync.Profiling.Profiles;

/// <summary>A layer's time in each profiled run.</summary>
/// <param name="Network">The network it belongs to.</param>
/// <param name="Name">The node: the checkpoint's module, where a module made it.</param>
/// <param name="Operator">Its type, after ONNX Runtime's optimiser.</param>
/// <param name="Calls">How often it ran in one run of the job.</param>
/// <param name="Seconds">All its calls together, one value a run.</param>
public sealed record LayerTimes(string Network, string Name, string Operator, int Calls, IReadOnlyList<double> Seconds);
