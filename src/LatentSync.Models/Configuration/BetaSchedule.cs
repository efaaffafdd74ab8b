namespace LatentSync.Models.Configuration;

/// <summary>How a scheduler's betas run from <see cref="SchedulerConfig.BetaStart"/> to <see cref="SchedulerConfig.BetaEnd"/> (diffusers' <c>beta_schedule</c>).</summary>
public enum BetaSchedule
{
    /// <summary><c>linear</c>: equal steps from start to end.</summary>
    Linear,

    /// <summary><c>scaled_linear</c>: equal steps from sqrt(start) to sqrt(end), then squared (latent diffusion's choice).</summary>
    ScaledLinear,
}
