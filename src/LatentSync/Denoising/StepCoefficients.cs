namespace LatentSync.Denoising;

/// <summary>
/// One step of a sampler as linear combinations of tensors. With x the sample, e the network's output, m[0] this step's prediction of the
/// clean sample, m[1], m[2], ... those of the steps before, y the sample that the step before started from, and z fresh noise:
/// <code>
/// m[0] = clamp(PredictionOfSample * x + PredictionOfOutput * e)
/// x    = Correction.Start * y + sum of Correction.Predictions[k] * m[k]      (where there is a correction)
/// x'   = Sample * x + Output * e + sum of Predictions[k] * m[k] + Noise * z
/// </code>
/// </summary>
internal sealed record StepCoefficients
{
    /// <summary>What the sample is multiplied by for the network's input.</summary>
    public double InputScale { get; init; } = 1;

    public double PredictionOfSample { get; init; }

    public double PredictionOfOutput { get; init; }

    public StepCorrection? Correction { get; init; }

    public double Sample { get; init; }

    public double Output { get; init; }

    /// <summary>Newest first.</summary>
    public double[] Predictions { get; init; } = [];

    public double Noise { get; init; }
}
