namespace LatentSync.Models.Configuration;

/// <summary>How Euler's noise levels are laid over those of the training (diffusers' <c>interpolation_type</c>).</summary>
public enum SigmaInterpolation
{
    /// <summary><c>linear</c>: interpolated at the timesteps.</summary>
    Linear,

    /// <summary><c>log_linear</c>: evenly in the logarithm, from the largest to the smallest; the last step ends at the smallest.</summary>
    LogLinear,
}
