namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>How an engine came to be there.</summary>
public enum EngineBuildOutcome
{
    /// <summary>It was there already.</summary>
    Reused,

    /// <summary>TensorRT built it.</summary>
    Built,

    /// <summary>The weights were put into an engine of the same graph.</summary>
    Refitted,
}
