namespace LatentSync.Models.Configuration;

/// <summary>What the network's output means (diffusers' <c>prediction_type</c>).</summary>
public enum PredictionType
{
    /// <summary><c>epsilon</c>: the noise in the sample.</summary>
    Epsilon,

    /// <summary><c>v_prediction</c>: sqrt(alpha) * noise - sqrt(1 - alpha) * clean sample (Salimans and Ho 2022).</summary>
    VPrediction,

    /// <summary><c>sample</c>: the clean sample itself.</summary>
    Sample,
}
