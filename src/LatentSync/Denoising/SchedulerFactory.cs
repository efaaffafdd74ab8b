using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>Creates schedulers by the name a user gives.</summary>
public static class SchedulerFactory
{
    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ddim"];

    /// <summary>Creates a scheduler.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="config">The pack's scheduler configuration.</param>
    /// <param name="steps">Number of denoising steps.</param>
    /// <exception cref="LatentSyncException">The name is unknown, or the scheduler does not support the configuration.</exception>
    public static IScheduler Create(string name, SchedulerConfig config, int steps) => name.ToLowerInvariant() switch
    {
        "ddim" => new DdimScheduler(config, steps),
        _ => throw new LatentSyncException(LatentSyncError.Usage, $"--scheduler {name}: not known; use one of: {string.Join(", ", Names)}"),
    };
}
