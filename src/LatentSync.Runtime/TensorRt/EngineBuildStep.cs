namespace LatentSync.Runtime.TensorRt;

/// <summary>Where TensorRT is in a build. Phases nest, and the number of steps of an inner phase is known only when it begins.</summary>
/// <param name="Phase">TensorRT's name for what it does.</param>
/// <param name="Depth">How deep the phase is nested; 0 is the outermost.</param>
/// <param name="Step">Steps of the phase that are done.</param>
/// <param name="StepCount">Steps that the phase has.</param>
public readonly record struct EngineBuildStep(string Phase, int Depth, int Step, int StepCount);
