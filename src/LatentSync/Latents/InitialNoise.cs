using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Latents;

/// <summary>The one noise draw of a job, repeated for every frame: the numbers that <c>torch.randn</c> on the CPU gives for the seed.</summary>
public static class InitialNoise
{
    /// <summary>Draws the noise.</summary>
    /// <param name="seed">The job's seed; as in torch's CPU generator only its lower 32 bits count.</param>
    /// <param name="channels">Latent channels.</param>
    /// <param name="height">Latent height, face resolution / 8.</param>
    /// <param name="width">Latent width, face resolution / 8.</param>
    /// <returns>Standard normals, <c>[channels,height,width]</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 16 numbers are asked for: torch draws those another way.</exception>
    public static Tensor Draw(long seed, int channels, int height, int width)
    {
        Tensor noise = Tensor.Zeros(channels, height, width);
        new TorchGenerator(seed).FillNormal(noise.Span);
        return noise;
    }
}
