namespace LatentSync.Runtime.TensorRt;

/// <summary>How serious TensorRT means a message, the most serious first; its own numbers.</summary>
public enum EngineLogSeverity
{
    /// <summary>A defect in TensorRT.</summary>
    InternalError,

    /// <summary>Something failed.</summary>
    Error,

    /// <summary>Something may not be as wished.</summary>
    Warning,

    /// <summary>Worth a line in a log.</summary>
    Information,

    /// <summary>For who looks for a fault.</summary>
    Verbose,
}
