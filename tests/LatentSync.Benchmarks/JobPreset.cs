using LatentSync.Pipeline;

namespace LatentSync.Benchmarks;

/// <summary>A way to run the demo job.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Apply">Sets what differs from the defaults.</param>
internal sealed record JobPreset(string Name, Func<LipSyncOptions, LipSyncOptions> Apply)
{
    /// <summary>All that are measured. The first is what the others are compared with.</summary>
    public static IReadOnlyList<JobPreset> All { get; } =
    [
        new("exact (ddim 20, guidance 1.5)", options => options),
        new("dpmpp2m 10", options => options with { Scheduler = "dpmpp2m", Steps = 10 }),
        new("unipc 8", options => options with { Scheduler = "unipc", Steps = 8 }),
        new("ddim 20, guidance 1", options => options with { GuidanceScale = 1 }),
    ];
}
