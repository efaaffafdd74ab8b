namespace LatentSync.Denoising;

/// <summary>How a predictor-corrector solver takes its last step again, now that the network has seen where it led.</summary>
/// <param name="Start">Factor of the sample that the last step started from.</param>
/// <param name="Predictions">Factors of the predictions of the clean sample, newest first.</param>
internal sealed record StepCorrection(double Start, double[] Predictions);
