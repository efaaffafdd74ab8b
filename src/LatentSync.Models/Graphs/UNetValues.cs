namespace LatentSync.Models.Graphs;

/// <summary>Names of the UNet's inputs and outputs: those that an import gives them, and those of its rewritten forms (<see cref="Rewrites.UNetProgram"/>).</summary>
public static class UNetValues
{
    /// <summary><c>[B,3C+1,F,h,w]</c>: noisy latents, mask, masked latents, reference latents.</summary>
    public const string Sample = "sample";

    /// <summary><c>[1]</c>, may be fractional.</summary>
    public const string Timestep = "timestep";

    /// <summary><c>[B*F,S,D]</c>, batch major.</summary>
    public const string EncoderHiddenStates = "encoder_hidden_states";

    /// <summary><c>[B,C,F,h,w]</c>: the prediction.</summary>
    public const string OutSample = "out_sample";

    /// <summary><c>[B,C,F,h,w]</c>: the part of <see cref="Sample"/> that changes every step (<see cref="Rewrites.ConvInSplit"/>).</summary>
    public const string NoisyLatents = "noisy_latents";

    /// <summary><c>[B,2C+1,F,h,w]</c>: mask, masked latents and reference latents (<see cref="Rewrites.ConvInSplit"/>).</summary>
    public const string Conditioning = "conditioning";

    /// <summary><c>[1,N]</c>: all projections of the time embedding, one after the other (<see cref="Rewrites.RateSplit"/>).</summary>
    public const string TimeTable = "time_table";

    /// <summary>The features that steps between whole ones reuse, <c>[F*B,C,h,w]</c> (<see cref="Rewrites.DeepCacheCut"/>).</summary>
    public const string DeepFeatures = "deep_features";
}
