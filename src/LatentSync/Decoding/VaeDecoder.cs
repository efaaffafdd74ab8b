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
    private Tensor _unscaled = Tensor.Zeros(0);

    /// <summary>Decodes latents; latents of one shape into the same tensor each time cost no allocation. Not safe for several threads.</summary>
    /// <param name="latents"><c>[N,C,R/8,R/8]</c>, scaled as the UNet sees them.</param>
    /// <param name="pixels">Receives <c>[N,3,R,R]</c>, about -1..1, not clamped.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public void Decode(Tensor latents, Tensor pixels, CancellationToken cancellationToken)
    {
        if (!_unscaled.Shape.SequenceEqual(latents.Shape))
        {
            _unscaled = Tensor.Zeros(latents.Shape);
        }

        TensorPrimitives.Divide(latents.Span, (float)scalingFactor, _unscaled.Span);
        if (shiftFactor != 0)
        {
            TensorPrimitives.Add(_unscaled.Span, (float)shiftFactor, _unscaled.Span);
        }

        engine.Run([new NamedTensor("latent_sample", _unscaled)], [new NamedTensor("sample", pixels)], cancellationToken);
    }
}
