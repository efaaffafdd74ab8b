using LatentSync.Models.Rewrites;

namespace LatentSync.Benchmarks;

/// <summary>A form of the UNet whose guided step is measured.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Rewrites">What is applied to the plain graph.</param>
/// <param name="IsShallow">Whether the step between whole ones is meant, not the whole one.</param>
internal sealed record UNetVariant(string Name, UNetRewrites Rewrites, bool IsShallow = false)
{
    /// <summary>The plain graph, which the others are compared with, and all rewrites.</summary>
    public static IReadOnlyList<UNetVariant> Main { get; } = [new("plain graph", UNetRewrites.None), new("all rewrites", UNetRewrites.All)];

    /// <summary>Each rewrite on its own besides.</summary>
    public static IReadOnlyList<UNetVariant> Each { get; } =
    [
        .. Main,
        new("guidance sharing", UNetRewrites.GuidanceSharing),
        new("conv_in split and chunk constants", UNetRewrites.ConvInSplit | UNetRewrites.ChunkConstants),
        new("time table", UNetRewrites.TimeTable),
        new("phase upsampling", UNetRewrites.PhaseUpsampling),
        new("all rewrites, step between whole ones (DeepCache)", UNetRewrites.All, IsShallow: true),
    ];
}
