using LatentSync.Models.Configuration;

namespace LatentSync.Denoising;

/// <summary>A noise level of a variance-preserving process, as the exponential solvers see it.</summary>
/// <param name="Signal">Share of the clean sample, alpha = 1 / sqrt(1 + sigma^2).</param>
/// <param name="Noise">Share of the noise, sigma * alpha.</param>
/// <param name="Lambda">Logarithm of signal to noise; infinite at the clean sample.</param>
internal readonly record struct SigmaPoint(double Signal, double Noise, double Lambda)
{
    /// <param name="sigma">Noise to signal.</param>
    public static SigmaPoint Of(double sigma)
    {
        double signal = 1 / Math.Sqrt((sigma * sigma) + 1);
        return new SigmaPoint(signal, sigma * signal, -Math.Log(sigma));
    }

    /// <summary>The prediction of the clean sample at this level.</summary>
    public StepCoefficients Predict(PredictionType type)
    {
        CleanPrediction prediction = CleanPrediction.Of(type, Signal, Noise);
        return new StepCoefficients { PredictionOfSample = prediction.CleanOfSample, PredictionOfOutput = prediction.CleanOfOutput };
    }
}
