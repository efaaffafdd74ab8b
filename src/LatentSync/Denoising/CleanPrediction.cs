using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Clean sample and noise as linear combinations of the noisy sample x = signal * clean + noise level * noise and the network's output, as
/// the output's meaning says: the noise, the clean sample, or the velocity signal * noise - noise level * clean (Salimans and Ho 2022).
/// </summary>
/// <param name="CleanOfSample">Factor of x in the clean sample.</param>
/// <param name="CleanOfOutput">Factor of the output in the clean sample.</param>
/// <param name="NoiseOfSample">Factor of x in the noise.</param>
/// <param name="NoiseOfOutput">Factor of the output in the noise.</param>
internal readonly record struct CleanPrediction(double CleanOfSample, double CleanOfOutput, double NoiseOfSample, double NoiseOfOutput)
{
    /// <param name="type">Meaning of the network's output.</param>
    /// <param name="signal">Share of the clean sample, the root of the cumulative alpha.</param>
    /// <param name="noise">Share of the noise, the root of its complement to 1.</param>
    /// <exception cref="LatentSyncException">The meaning is none of the three.</exception>
    public static CleanPrediction Of(PredictionType type, double signal, double noise) => type switch
    {
        PredictionType.Epsilon => new(1 / signal, -noise / signal, 0, 1),
        PredictionType.VPrediction => new(signal, -noise, noise, signal),
        PredictionType.Sample => new(0, 1, 1 / noise, -signal / noise),
        _ => throw new LatentSyncException(LatentSyncError.Model, $"prediction_type '{type}' is not supported"),
    };
}
