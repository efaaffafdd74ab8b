namespace LatentSync.Kernels;

/// <summary>Size of the upright crop that lies between the frame and the square face: 75:100, before the resize to R x R.</summary>
public static class CropSize
{
    private const double TemplateScale = 2.8;

    /// <summary>Width in pixels, <c>int(75 * (R/256 * 2.8))</c>: 210 for R = 256.</summary>
    /// <param name="resolution">Face resolution R in pixels, at least 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is below 8.</exception>
    public static int Width(int resolution) => (int)(75 * Ratio(resolution));

    /// <summary>Height in pixels, <c>int(100 * (R/256 * 2.8))</c>: 280 for R = 256.</summary>
    /// <param name="resolution">Face resolution R in pixels, at least 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is below 8.</exception>
    public static int Height(int resolution) => (int)(100 * Ratio(resolution));

    private static double Ratio(int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 8);

        // The order of the operations decides sizes such as R = 384, whose width is an integer only before rounding.
        return resolution / 256.0 * TemplateScale;
    }
}
