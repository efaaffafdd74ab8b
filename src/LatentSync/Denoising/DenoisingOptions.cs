namespace LatentSync.Denoising;

/// <summary>How chunks are denoised.</summary>
public sealed record DenoisingOptions
{
    /// <summary>
    /// Strength of classifier-free guidance (Ho and Salimans 2022) towards the speech: 1 is none, the original's range is 1 to 3.
    /// Above 1 the network sees every chunk twice, once with silent (all-zero) features.
    /// </summary>
    public double GuidanceScale { get; init; } = 1.5;
}
