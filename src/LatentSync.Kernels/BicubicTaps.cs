namespace LatentSync.Kernels;

/// <summary>
/// The taps of one axis of the antialiased bicubic resize (Keys' kernel with a = -0.5, stretched by the scale when shrinking, weights
/// normalised, cut at the edges), as PyTorch's <c>interpolate(mode="bicubic", antialias=True)</c> computes it.
/// </summary>
public sealed class BicubicTaps
{
    private const double Sharpness = -0.5;

    /// <summary>Works out the taps.</summary>
    /// <param name="sourceSize">Source extent in pixels.</param>
    /// <param name="destinationSize">Output extent in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public BicubicTaps(int sourceSize, int destinationSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(destinationSize, 1);
        SourceSize = sourceSize;
        DestinationSize = destinationSize;
        double scale = (double)sourceSize / destinationSize, stretch = Math.Max(scale, 1), support = 2 * stretch;
        Count = Math.Min(sourceSize, (int)Math.Ceiling(support) * 2 + 1);
        Starts = new int[destinationSize];
        Weights = new float[destinationSize * Count];
        Span<double> values = stackalloc double[Count];
        for (int i = 0; i < destinationSize; i++)
        {
            double centre = scale * (i + 0.5);
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int taps = Math.Min(Math.Min((int)(centre + support + 0.5), sourceSize) - first, Count);
            double sum = 0;
            for (int k = 0; k < taps; k++)
            {
                values[k] = Cubic((first + k - centre + 0.5) / stretch);
                sum += values[k];
            }

            // Every output has Count taps so that inner loops need no bounds: the spare ones weigh nothing, and starts are pulled in to hold them.
            int start = Math.Min(first, sourceSize - Count);
            Starts[i] = start;
            for (int k = 0; k < taps; k++)
            {
                Weights[(i * Count) + first - start + k] = (float)(values[k] / sum);
            }
        }
    }

    /// <summary>Source extent in pixels.</summary>
    public int SourceSize { get; }

    /// <summary>Output extent in pixels.</summary>
    public int DestinationSize { get; }

    /// <summary>Taps of every output index.</summary>
    public int Count { get; }

    /// <summary>First source index of each output index; all taps lie inside the source.</summary>
    internal int[] Starts { get; }

    /// <summary><see cref="Count"/> weights for each output index.</summary>
    internal float[] Weights { get; }

    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? ((((Sharpness + 2) * x) - (Sharpness + 3)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * Sharpness
            : 0;
    }
}
