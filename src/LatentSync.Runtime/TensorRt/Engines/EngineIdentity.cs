namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Everything that decides whether an engine may be used for a network on this machine.</summary>
public sealed record EngineIdentity
{
    /// <summary>The network.</summary>
    public required GraphHash Graph { get; init; }

    /// <summary>Its arithmetic.</summary>
    public required EnginePrecision Precision { get; init; }

    /// <summary>Names the rules by which the graph was made ready for the precision, so that other rules give another engine.</summary>
    public required string Preparation { get; init; }

    /// <summary>Where it runs.</summary>
    public required EngineTarget Target { get; init; }

    /// <summary>The extents it takes.</summary>
    public required IReadOnlyList<EngineProfile> Profiles { get; init; }

    /// <summary>What it can do.</summary>
    public required EngineFlags Flags { get; init; }
}
