using System.Numerics.Tensors;
using LatentSync.Kernels;
using LatentSync.Runtime;
using Tensor = LatentSync.Runtime.Tensor;

namespace LatentSync.Latents;

/// <summary>Turns face pixels into scaled latents with the VAE's encoder, taking the posterior's mean.</summary>
/// <param name="engine">
/// Contract: <c>sample</c> <c>[N,3,R,R]</c> in -1..1 to <c>latent_mean</c> <c>[N,C,R/8,R/8]</c>; other outputs are not asked for.
/// </param>
/// <param name="scalingFactor">The VAE's <c>scaling_factor</c>, 0.18215 for sd-vae-ft-mse.</param>
/// <param name="shiftFactor">The VAE's <c>shift_factor</c>, taken off before scaling; 0 for sd-vae-ft-mse.</param>
/// <param name="kernels">What scales; the CPU's vector units if null.</param>
public sealed class VaeEncoder(IInferenceEngine engine, double scalingFactor, double shiftFactor, IFaceKernels? kernels = null)
{
    private const string OutputName = "latent_mean";

    // Pixels of the face that one latent stands for, on either axis: three halvings.
    private const int LatentScale = 8;

    private readonly IFaceKernels _kernels = kernels ?? new SimdKernels();
    private readonly long _channels = engine.Outputs.First(output => output.Name == OutputName).Shape[1];

    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels"><c>[N,3,R,R]</c> in -1..1.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns><c>[N,C,R/8,R/8]</c>, <c>(mean - shift) * scale</c>.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public Tensor Encode(Tensor pixels, CancellationToken cancellationToken)
    {
        ReadOnlySpan<long> shape = pixels.Shape;
        Tensor latents = Tensor.Zeros(shape[0], _channels, shape[2] / LatentScale, shape[3] / LatentScale);
        Encode(pixels, latents, cancellationToken);
        return latents;
    }

    /// <summary>Encodes pictures into memory of the caller's; the same two tensors each time cost no allocation.</summary>
    /// <param name="pixels"><c>[N,3,R,R]</c> in -1..1.</param>
    /// <param name="latents">Receives <c>[N,C,R/8,R/8]</c>, <c>(mean - shift) * scale</c>.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public void Encode(Tensor pixels, Tensor latents, CancellationToken cancellationToken)
    {
        engine.Run([new NamedTensor("sample", pixels)], [new NamedTensor(OutputName, latents)], cancellationToken);
        if (shiftFactor != 0)
        {
            TensorPrimitives.Subtract(latents.Span, (float)shiftFactor, latents.Span);
        }

        _kernels.Scale(latents.Span, (float)scalingFactor);
    }
}
