namespace LatentSync.Denoising;

/// <summary>The names of the UNet's tensors, as it is imported.</summary>
internal static class UNetTensors
{
    /// <summary><c>[B,3C+1,F,h,w]</c>: noisy latents, mask, masked latents, reference latents.</summary>
    public const string Sample = "sample";

    /// <summary><c>[1]</c>.</summary>
    public const string Timestep = "timestep";

    /// <summary><c>[B*F,S,D]</c>.</summary>
    public const string EncoderHiddenStates = "encoder_hidden_states";

    /// <summary><c>[B,C,F,h,w]</c>.</summary>
    public const string Output = "out_sample";
}
