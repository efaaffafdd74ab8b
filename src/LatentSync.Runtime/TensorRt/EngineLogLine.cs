namespace LatentSync.Runtime.TensorRt;

/// <summary>A message of TensorRT's.</summary>
/// <param name="Severity">How serious it is.</param>
/// <param name="Message">Its text.</param>
public readonly record struct EngineLogLine(EngineLogSeverity Severity, string Message);
