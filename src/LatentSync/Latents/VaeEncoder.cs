using LatentSync.Runtime;

namespace LatentSync.Latents;

/// <summary>Turns face pixels into scaled latents with the VAE's encoder, taking the posterior's mean.</summary>
/// <param name="engine">
/// Contract: <c>sample</c> <c>[N,3,R,R]</c> in -1..1 to <c>latent_parameters</c> <c>[N,2*C,R/8,R/8]</c>, mean before log-variance.
/// </param>
/// <param name="scalingFactor">The VAE's <c>scaling_factor</c>, 0.18215 for sd-vae-ft-mse.</param>
/// <param name="shiftFactor">The VAE's <c>shift_factor</c>, taken off before scaling; 0 for sd-vae-ft-mse.</param>
public sealed class VaeEncoder(IInferenceEngine engine, double scalingFactor, double shiftFactor)
{
    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels"><c>[N,3,R,R]</c> in -1..1.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns><c>[N,C,R/8,R/8]</c>, <c>(mean - shift) * scale</c>.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public Tensor Encode(Tensor pixels, CancellationToken cancellationToken)
    {
        Tensor parameters = engine.Run([new NamedTensor("sample", pixels)], cancellationToken)[0];
        ReadOnlySpan<long> shape = parameters.Shape;
        Tensor latents = Tensor.Zeros(shape[0], shape[1] / 2, shape[2], shape[3]);
        int picture = latents.Length / (int)shape[0];
        float scale = (float)scalingFactor, shift = (float)shiftFactor;
        for (int n = 0; n < shape[0]; n++)
        {
            ReadOnlySpan<float> mean = parameters.Span.Slice(2 * n * picture, picture);
            Span<float> destination = latents.Span.Slice(n * picture, picture);
            for (int i = 0; i < picture; i++)
            {
                destination[i] = (mean[i] - shift) * scale;
            }
        }

        return latents;
    }
}
