namespace LatentSync.Models.Rewrites;

/// <summary>The exact rewrites of the UNet, each on its own; what each saves is measured in this assembly's README.</summary>
[Flags]
public enum UNetRewrites
{
    /// <summary>The network as it was imported.</summary>
    None = 0,

    /// <summary>Guidance inside the network, what both halves share computed once (<see cref="Rewrites.GuidanceSharing"/>).</summary>
    GuidanceSharing = 1,

    /// <summary>The first convolution as the sum of two (<see cref="Rewrites.ConvInSplit"/>).</summary>
    ConvInSplit = 2,

    /// <summary>Time embedding and projections computed for the whole schedule beforehand (<see cref="RateSplit"/>).</summary>
    TimeTable = 4,

    /// <summary>Keys and values of the speech, and the convolved conditioning, computed once a chunk (<see cref="RateSplit"/>).</summary>
    ChunkConstants = 8,

    /// <summary>Doubling and convolution on the way up as convolutions of the small picture (<see cref="Rewrites.PhaseUpsampling"/>).</summary>
    PhaseUpsampling = 16,

    /// <summary>All of them.</summary>
    All = GuidanceSharing | ConvInSplit | TimeTable | ChunkConstants | PhaseUpsampling,
}
