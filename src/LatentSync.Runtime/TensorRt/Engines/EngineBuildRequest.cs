namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>An engine that is wanted.</summary>
public sealed record EngineBuildRequest
{
    /// <summary>The network's role in its pack, such as <c>unet</c>.</summary>
    public required string Network { get; init; }

    /// <summary>The network's ONNX file as the pack holds it, or that which the network is made of.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Hashes the network and makes it ready.</summary>
    public required IModelPreparation Preparation { get; init; }

    /// <summary>The engine's arithmetic.</summary>
    public required EnginePrecision Precision { get; init; }

    /// <summary>The extents it shall take.</summary>
    public required IReadOnlyList<EngineProfile> Profiles { get; init; }

    /// <summary>What it shall be able to do.</summary>
    public EngineFlags Flags { get; init; }

    /// <summary>How hard to look for fast kernels.</summary>
    public EngineTuning Tuning { get; init; } = new();

    /// <summary>The timing cache's file; null for the one in the cache's folder.</summary>
    public string? TimingCachePath { get; init; }

    /// <summary>Make it from a refittable engine of the same graph by putting in this network's weights. Implies <see cref="EngineFlags.Refittable"/>.</summary>
    public bool Refit { get; init; }

    /// <summary>Build it even if it is there.</summary>
    public bool Rebuild { get; init; }
}
