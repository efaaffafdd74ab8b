namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Which engines to remove besides those that cannot be used.</summary>
public sealed record EnginePruneOptions
{
    /// <summary>Every engine.</summary>
    public bool All { get; init; }

    /// <summary>Engines that were neither made nor looked up for so long; null for no such bound.</summary>
    public TimeSpan? UnusedFor { get; init; }

    /// <summary>Most bytes that engines may take together: those used longest ago go first; null for no such bound.</summary>
    public long? LimitInBytes { get; init; }
}
