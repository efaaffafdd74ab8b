using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>Creates schedulers by the name a user gives.</summary>
public static class SchedulerFactory
{
    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ddim", "dpmpp2m", "dpmpp2m-karras", "unipc", "euler", "lcm"];

    /// <summary>Creates a scheduler.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="config">
    /// The pack's scheduler configuration. <c>ddim</c> takes it as it is, as the original does; another scheduler does so if the file was written
    /// for its class, and else takes from it how the network was trained and the rest from its class, see <see cref="SchedulerConfig.ForClass"/>.
    /// </param>
    /// <param name="steps">Number of denoising steps.</param>
    /// <param name="stepNoise">Noise for <c>lcm</c>, see <see cref="FrameNoise"/>; the others use none.</param>
    /// <exception cref="LatentSyncException">The name is unknown, or the scheduler does not support the configuration.</exception>
    /// <exception cref="ArgumentNullException">There is no noise for <c>lcm</c> in more than one step.</exception>
    public static IScheduler Create(string name, SchedulerConfig config, int steps, IStepNoise? stepNoise = null) => name.ToLowerInvariant() switch
    {
        "ddim" => new DdimScheduler(config, steps),
        "dpmpp2m" => new DpmSolverScheduler(config.ForClass("DPMSolverMultistepScheduler"), steps),
        "dpmpp2m-karras" => new DpmSolverScheduler(config.ForClass("DPMSolverMultistepScheduler") with { UseKarrasSigmas = true }, steps),
        "unipc" => new UniPcScheduler(config.ForClass("UniPCMultistepScheduler"), steps),
        "euler" => new EulerScheduler(config.ForClass("EulerDiscreteScheduler"), steps),
        "lcm" => new LcmScheduler(config.ForClass("LCMScheduler"), steps, stepNoise),
        _ => throw new LatentSyncException(LatentSyncError.Usage, $"--scheduler {name}: not known; use one of: {string.Join(", ", Names)}"),
    };
}
