using System.Numerics.Tensors;
using LatentSync.Runtime;
using Tensor = LatentSync.Runtime.Tensor;

namespace LatentSync.Decoding;

/// <summary>Turns denoised latents back into face pixels with the VAE's decoder.</summary>
/// <param name="engine">Contract: <c>latent_sample</c> <c>[N,C,R/8,R/8]</c>, unscaled, to <c>sample</c> <c>[N,3,R,R]</c>.</param>
/// <param name="scalingFactor">The VAE's <c>scaling_factor</c>.</param>
/// <param name="shiftFactor">The VAE's <c>shift_factor</c>.</param>
public sealed class VaeDecoder(IInferenceEngine engine, double scalingFactor, double shiftFactor)
{
    /// <summary>Decodes latents.</summary>
    /// <param name="latents"><c>[N,C,R/8,R/8]</c>, scaled as the UNet sees them.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns><c>[N,3,R,R]</c>, about -1..1, not clamped.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public Tensor Decode(Tensor latents, CancellationToken cancellationToken)
    {
        Tensor unscaled = Tensor.Zeros(latents.Shape);
        TensorPrimitives.Divide(latents.Span, (float)scalingFactor, unscaled.Span);
        if (shiftFactor != 0)
        {
            TensorPrimitives.Add(unscaled.Span, (float)shiftFactor, unscaled.Span);
        }

        return engine.Run([new NamedTensor("latent_sample", unscaled)], cancellationToken)[0];
    }
}
