namespace LatentSync.Models.Rewrites;

/// <summary>How a UNet is to be run.</summary>
public sealed record UNetProgramOptions
{
    /// <summary>Whether predictions for silence are wanted beside those for the speech.</summary>
    public bool Guided { get; init; }

    /// <summary>Exact rewrites to apply.</summary>
    public UNetRewrites Rewrites { get; init; } = UNetRewrites.All;

    /// <summary>
    /// Whether every halving of the latents' sides on the way down leaves no rest, so that the way up doubles exactly; else
    /// <see cref="UNetRewrites.PhaseUpsampling"/> is left out.
    /// </summary>
    public bool DoublesExactly { get; init; }

    /// <summary>Where step caching cuts (<see cref="DeepCacheCut"/>), or null for none.</summary>
    public int? CacheBranch { get; init; }

    /// <summary>Whether nothing is done to the network: its step is the pack's own file.</summary>
    public bool IsPlain => Rewrites == UNetRewrites.None && CacheBranch is null;
}
