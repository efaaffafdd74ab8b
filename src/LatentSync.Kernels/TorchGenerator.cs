namespace LatentSync.Kernels;

/// <summary>
/// Standard normals as torch's CPU generator draws them: <c>torch.randn(..., generator=torch.Generator().manual_seed(seed))</c>, call by call.
/// Equal up to the last bits of logarithm, sine and cosine. Not safe for several threads.
/// </summary>
/// <param name="seed">The seed; as in torch's CPU generator only its lower 32 bits count.</param>
public sealed class TorchGenerator(long seed)
{
    /// <summary>The fewest numbers that one call can draw: torch draws fewer in another way.</summary>
    public const int SmallestDraw = 16;

    // torch turns uniforms into normals in blocks of this many: cosines in the first half, sines in the second.
    private const int BlockSize = SmallestDraw;

    private readonly MersenneTwister _generator = new(unchecked((ulong)seed));

    /// <summary>Draws the next numbers.</summary>
    /// <param name="values">Receives standard normals (float32), at least <see cref="SmallestDraw"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer numbers are asked for.</exception>
    public void FillNormal(Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, SmallestDraw, nameof(values));
        FillUniform(values);
        for (int i = 0; i + BlockSize <= values.Length; i += BlockSize)
        {
            BoxMuller(values.Slice(i, BlockSize));
        }

        if (values.Length % BlockSize != 0)
        {
            // torch draws the last sixteen anew, so that the tail overlaps the block before it.
            Span<float> tail = values[^BlockSize..];
            FillUniform(tail);
            BoxMuller(tail);
        }
    }

    private void FillUniform(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = _generator.NextUniform();
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
