namespace LatentSync.Pipeline;

/// <summary>How a pack's networks are loaded.</summary>
public sealed record LipSyncEngineOptions
{
    /// <summary>Threads for the networks; 0 takes one per core.</summary>
    public int Threads { get; init; }
}
