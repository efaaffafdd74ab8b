namespace LatentSync.Pipeline;

/// <summary>
/// The presets as settings of a job. They were chosen from the table of <c>./build.sh bench --section reference-presets --each-sampler</c>: the least work whose face stays
/// within 1 dB of what step caching (<see cref="LipSyncPreset.Balanced"/>, which keeps one step more in reserve) or eight UniPC steps
/// (<see cref="LipSyncPreset.Fast"/>) cost the original.
/// </summary>
public static class LipSyncPresets
{
    /// <summary>Sets sampler, steps and step caching of a job to a preset's; all else stays.</summary>
    /// <param name="options">The job.</param>
    /// <param name="preset">The preset.</param>
    public static LipSyncOptions With(this LipSyncOptions options, LipSyncPreset preset)
    {
        ArgumentNullException.ThrowIfNull(options);
        LipSyncOptions plain = options with { Scheduler = "ddim", CacheInterval = 1, CacheBranch = 0 };
        return preset switch
        {
            LipSyncPreset.Exact => plain with { Steps = 20 },
            LipSyncPreset.Balanced => plain with { Steps = 7 },
            LipSyncPreset.Fast => plain with { Steps = 5 },
            _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, null),
        };
    }
}
