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
        new("exact", options => options.With(LipSyncPreset.Exact)),
        new("balanced", options => options.With(LipSyncPreset.Balanced)),
        new("fast", options => options.With(LipSyncPreset.Fast)),
    ];

    /// <summary>What presets are chosen from besides; <c>--each-sampler</c> measures them too.</summary>
    public static IReadOnlyList<JobPreset> Candidates { get; } =
    [
        Sampler("ddim", 20, cacheInterval: 3),
        Sampler("ddim", 10),
        Sampler("ddim", 10, cacheInterval: 2),
        Sampler("ddim", 8, cacheInterval: 2),
        Sampler("ddim", 8),
        Sampler("ddim", 6),
        Sampler("ddim", 5),
        Sampler("ddim", 4),
        Sampler("dpmpp2m", 10),
        Sampler("dpmpp2m", 6),
        Sampler("unipc", 8),
        Sampler("unipc", 8, cacheInterval: 2),
        Sampler("unipc", 6),
        Sampler("euler", 6),
        new("ddim 20, guidance 1", options => options with { GuidanceScale = 1 }),
    ];

    private static JobPreset Sampler(string scheduler, int steps, int cacheInterval = 1) => new(
        cacheInterval > 1 ? $"{scheduler} {steps}, whole every {cacheInterval}" : $"{scheduler} {steps}",
        options => options with { Scheduler = scheduler, Steps = steps, CacheInterval = cacheInterval });
}
