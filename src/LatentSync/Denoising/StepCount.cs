using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>The number of steps that a user asks for.</summary>
internal static class StepCount
{
    /// <exception cref="LatentSyncException">There are fewer than one or more than <paramref name="largest"/>.</exception>
    public static void Check(int steps, int largest, string reason = "")
    {
        if (steps < 1 || steps > largest)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{steps} denoising steps: give 1 to {largest}{reason}");
        }
    }

    /// <summary>Leading spacing lays out one step more than it takes, which must fit too.</summary>
    /// <exception cref="LatentSyncException">The training has too few steps.</exception>
    public static void CheckMultistep(int steps, SchedulerConfig config)
    {
        bool leading = config.TimestepSpacing == TimestepSpacing.Leading && !config.UseKarrasSigmas;
        Check(steps, config.NumTrainTimesteps - (leading ? 1 : 0), leading ? " with timestep_spacing leading" : string.Empty);
    }
}
