namespace LatentSync.Kernels;

/// <summary>The weights of the soft mask's Gaussian blur; they follow from its radius alone.</summary>
internal static class BlurTaps
{
    /// <summary>Weights of all radii from 0 to the greatest, one set after another.</summary>
    public static int CountUpTo(int radius) => Start(radius + 1);

    /// <summary>Where the set of a radius starts among those of all radii.</summary>
    public static int Start(int radius) => radius * (radius + 1) / 2;

    /// <summary>Writes the weights of one radius from the centre outwards, <c>radius + 1</c> values; with both halves they sum to 1.</summary>
    public static void Write(int radius, Span<float> weights)
    {
        // OpenCV's rule for a sigma from a size: 0.3*((size-1)*0.5-1)+0.8 with size = 2*radius+1.
        double sigma = (0.3 * (radius - 1)) + 0.8;
        double sum = 1;
        for (int i = 1; i <= radius; i++)
        {
            sum += 2 * Math.Exp(-(double)i * i / (2 * sigma * sigma));
        }

        for (int i = 0; i <= radius; i++)
        {
            weights[i] = (float)(Math.Exp(-(double)i * i / (2 * sigma * sigma)) / sum);
        }
    }
}
