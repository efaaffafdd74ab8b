using LatentSync.Runtime;

namespace LatentSync.Latents;

/// <summary>The one noise draw of a job, repeated for every frame: the numbers that <c>torch.randn</c> on the CPU gives for the seed.</summary>
public static class InitialNoise
{
    // torch turns uniforms into normals in blocks of this many: cosines in the first half, sines in the second.
    private const int BlockSize = 16;

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
        ArgumentOutOfRangeException.ThrowIfLessThan(noise.Length, BlockSize, nameof(width));
        MersenneTwister generator = new(unchecked((ulong)seed));
        Span<float> values = noise.Span;
        FillUniform(generator, values);
        for (int i = 0; i + BlockSize <= values.Length; i += BlockSize)
        {
            BoxMuller(values.Slice(i, BlockSize));
        }

        if (values.Length % BlockSize != 0)
        {
            // torch draws the last sixteen anew, so that the tail overlaps the block before it.
            Span<float> tail = values[^BlockSize..];
            FillUniform(generator, tail);
            BoxMuller(tail);
        }

        return noise;
    }

    private static void FillUniform(MersenneTwister generator, Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = generator.NextUniform();
        }
    }

    private static void BoxMuller(Span<float> block)
    {
        const int half = BlockSize / 2;
        for (int i = 0; i < half; i++)
        {
            // 1 - u keeps the logarithm finite: u lies in [0,1).
            float radius = MathF.Sqrt(-2f * MathF.Log(1f - block[i]));
            float angle = 2f * MathF.PI * block[i + half];
            block[i] = radius * MathF.Cos(angle);
            block[i + half] = radius * MathF.Sin(angle);
        }
    }
}
