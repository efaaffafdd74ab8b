namespace LatentSync.Kernels;

/// <summary>
/// The taps of one axis of OpenCV's byte INTER_LANCZOS4 resize: for each output index the first of eight source indices (which may lie outside
/// the source: the edge pixel stands for those) and eight weights rounded to 11 bits.
/// </summary>
public sealed class Lanczos4Taps
{
    /// <summary>Taps an output pixel has on each axis.</summary>
    public const int Count = 8;

    /// <summary>Bits after the point of a weight.</summary>
    public const int WeightBits = 11;

    /// <summary>Works out the taps.</summary>
    /// <param name="sourceSize">Source extent in pixels.</param>
    /// <param name="destinationSize">Output extent in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Lanczos4Taps(int sourceSize, int destinationSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(destinationSize, 1);
        SourceSize = sourceSize;
        DestinationSize = destinationSize;
        Starts = new int[destinationSize];
        Weights = new short[destinationSize * Count];

        // OpenCV inverts the inverse scale instead of dividing the sizes, and keeps the coordinate in single precision.
        double scale = 1.0 / ((double)destinationSize / sourceSize);
        for (int i = 0; i < destinationSize; i++)
        {
            float at = (float)(((i + 0.5) * scale) - 0.5);
            int whole = (int)MathF.Floor(at);
            Starts[i] = whole - 3;
            SetWeights(at - whole, Weights.AsSpan(i * Count, Count));
        }
    }

    /// <summary>Source extent in pixels.</summary>
    public int SourceSize { get; }

    /// <summary>Output extent in pixels.</summary>
    public int DestinationSize { get; }

    /// <summary>First source index of each output index, -4 at least.</summary>
    internal int[] Starts { get; }

    /// <summary>Eight weights for each output index, 2048 = 1.</summary>
    internal short[] Weights { get; }

    /// <summary>Windowed sinc sin(pi t) sin(pi t/4) / (pi t)^2 over -4..4 with the sines taken once and rotated by multiples of 45 degrees.</summary>
    private static void SetWeights(float fraction, Span<short> weights)
    {
        const double Diagonal = 0.70710678118654752440084436210485;
        ReadOnlySpan<double> sines = [1, -Diagonal, 0, Diagonal, -1, Diagonal, 0, -Diagonal];
        ReadOnlySpan<double> cosines = [0, -Diagonal, 1, -Diagonal, 0, Diagonal, -1, Diagonal];
        double angle = -(fraction + 3) * Math.PI * 0.25;
        (double sine, double cosine) = Math.SinCos(angle);
        Span<float> values = stackalloc float[Count];
        float sum = 0;
        for (int k = 0; k < Count; k++)
        {
            float distance = fraction + 3 - k;
            if (Math.Abs(distance) >= 1e-6f)
            {
                double y = -distance * Math.PI * 0.25;
                values[k] = (float)(((sines[k] * sine) + (cosines[k] * cosine)) / (y * y));
            }
            else
            {
                // So large that after normalisation this tap is all there is.
                values[k] = 1e30f;
            }

            sum += values[k];
        }

        sum = 1f / sum;
        for (int k = 0; k < Count; k++)
        {
            float scaled = MathF.Round(values[k] * sum * (1 << WeightBits), MidpointRounding.ToEven);
            weights[k] = (short)Math.Clamp(scaled, short.MinValue, short.MaxValue);
        }
    }
}
