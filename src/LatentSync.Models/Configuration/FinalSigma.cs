namespace LatentSync.Models.Configuration;

/// <summary>The noise level that a sigma-based solver ends at (diffusers' <c>final_sigmas_type</c>).</summary>
public enum FinalSigma
{
    /// <summary><c>zero</c>: the clean sample.</summary>
    Zero,

    /// <summary><c>sigma_min</c>: the smallest noise level of the training.</summary>
    SigmaMin,
}
