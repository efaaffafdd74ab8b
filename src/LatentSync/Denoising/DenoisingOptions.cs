namespace LatentSync.Denoising;

/// <summary>How chunks are denoised.</summary>
public sealed record DenoisingOptions
{
    /// <summary>
    /// Strength of classifier-free guidance (Ho and Salimans 2022) towards the speech: 1 is none, the original's range is 1 to 3.
    /// Above 1 the network predicts for the speech and for silence (all-zero features).
    /// </summary>
    public double GuidanceScale { get; init; } = 1.5;

    /// <summary>
    /// Step caching (DeepCache): every so many steps, the first of a chunk included, the whole network runs, in the others its shallow part. 1 is none; the
    /// original's helper has 3. Above 1 needs networks with a shallow step.
    /// </summary>
    public int CacheInterval { get; init; } = 1;
}
