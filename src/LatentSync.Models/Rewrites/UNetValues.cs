namespace LatentSync.Models.Rewrites;

/// <summary>Names of the values that rewrites give the UNet, beside <c>sample</c>, <c>timestep</c>, <c>encoder_hidden_states</c> and <c>out_sample</c>.</summary>
public static class UNetValues
{
    /// <summary><c>[B,C,F,h,w]</c>: the part of <c>sample</c> that changes every step (<see cref="ConvInSplit"/>).</summary>
    public const string NoisyLatents = "noisy_latents";

    /// <summary><c>[B,2C+1,F,h,w]</c>: mask, masked latents and reference latents (<see cref="ConvInSplit"/>).</summary>
    public const string Conditioning = "conditioning";

    /// <summary><c>[1,N]</c>: all projections of the time embedding, one after the other (<see cref="RateSplit"/>).</summary>
    public const string TimeTable = "time_table";

    /// <summary>The features that steps between whole ones reuse, <c>[F*B,C,h,w]</c> (<see cref="DeepCacheCut"/>).</summary>
    public const string DeepFeatures = "deep_features";
}
