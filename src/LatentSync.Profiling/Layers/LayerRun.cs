namespace LatentSync.Profiling.Layers;

/// <summary>One operator of a network, run once.</summary>
/// <param name="Name">The node's name in the graph: the checkpoint's module, where a module made it.</param>
/// <param name="Operator">Its type, after ONNX Runtime's optimiser.</param>
/// <param name="Start">Since the profile's clock began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Thread">The thread that ran it, by ONNX Runtime's number.</param>
public sealed record LayerRun(string Name, string Operator, TimeSpan Start, TimeSpan Duration, long Thread);
