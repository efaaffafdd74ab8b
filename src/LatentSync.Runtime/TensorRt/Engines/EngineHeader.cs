namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What an engine file says of its plan.</summary>
public sealed record EngineHeader
{
    /// <summary>The network's role in its pack, such as <c>unet</c>.</summary>
    public required string Network { get; init; }

    /// <summary>What the engine depends on.</summary>
    public required EngineIdentity Identity { get; init; }

    /// <summary>How it was looked for.</summary>
    public required EngineTuning Tuning { get; init; }

    /// <summary>Name and version of the program that made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Whether its weights were put in by a refit, with the kernels that were chosen for other weights.</summary>
    public bool IsRefitted { get; init; }
}
