namespace LatentSync.Denoising;

/// <summary>Everything about a sampler that is known before the first step.</summary>
/// <param name="Timesteps">What the network is told at each step.</param>
/// <param name="Steps">The arithmetic of each step; as many.</param>
/// <param name="InitNoiseSigma">What the initial standard-normal noise is multiplied by.</param>
/// <param name="ClipRange">Bound of the predicted clean sample; infinite for none.</param>
internal sealed record StepTable(double[] Timesteps, StepCoefficients[] Steps, double InitNoiseSigma = 1, double ClipRange = double.PositiveInfinity)
{
    /// <summary>The most predictions that any step combines, its own included.</summary>
    public int PredictionCount { get; } = Steps.Max(step => Math.Max(step.Predictions.Length, step.Correction?.Predictions.Length ?? 0));

    /// <summary>Whether any step starts over from the sample before it.</summary>
    public bool HasCorrections { get; } = Steps.Any(step => step.Correction is not null);

    /// <summary>Whether a step needs what earlier ones left.</summary>
    public bool HasHistory => PredictionCount > 1 || HasCorrections;

    /// <summary>Whether any step adds noise.</summary>
    public bool IsStochastic { get; } = Steps.Any(step => step.Noise != 0);
}
