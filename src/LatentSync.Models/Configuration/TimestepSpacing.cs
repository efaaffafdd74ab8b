namespace LatentSync.Models.Configuration;

/// <summary>How inference steps are laid over the training steps (diffusers' <c>timestep_spacing</c>; Lin et al. 2024, table 2).</summary>
public enum TimestepSpacing
{
    /// <summary><c>leading</c>: multiples of the step ratio, plus <see cref="SchedulerConfig.StepsOffset"/>.</summary>
    Leading,

    /// <summary><c>linspace</c>: evenly from the last training step to step 0.</summary>
    Linspace,

    /// <summary><c>trailing</c>: from the last training step downwards by the step ratio.</summary>
    Trailing,
}
