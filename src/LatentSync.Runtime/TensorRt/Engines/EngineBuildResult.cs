namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>An engine that is there now.</summary>
/// <param name="File">The engine.</param>
/// <param name="Outcome">How it came to be there.</param>
public sealed record EngineBuildResult(EngineFile File, EngineBuildOutcome Outcome);
