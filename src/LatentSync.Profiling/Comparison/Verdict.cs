namespace LatentSync.Profiling.Comparison;

/// <summary>What a comparison says of one time.</summary>
public enum Verdict
{
    /// <summary>No difference that these runs can show.</summary>
    Same,

    /// <summary>Slower, beyond chance and margin.</summary>
    Slower,

    /// <summary>Faster, beyond chance and margin.</summary>
    Faster,
}
