using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>
/// The soft mask over the face's box: warped ones, two erosions, Gaussian blur. One thread a pixel of the box. In the frame but outside the box the mask is 0;
/// outside the frame the erosions see +infinity and the blur the reflection.
/// </summary>
public static class MaskKernels
{
    /// <summary>The mask of ones warped from the crop (bilinear, border 0) and eroded by 2 x 2. Extent: pixels of the box.</summary>
    /// <param name="index">Pixel of the box, row-major.</param>
    /// <param name="mask"><c>[-,boxWidth]</c>, 0..1, written.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <param name="boxX">First column of the box.</param>
    /// <param name="boxY">First row of the box.</param>
    /// <param name="boxWidth">Width of the box.</param>
    /// <param name="cropWidth">Width of the crop.</param>
    /// <param name="cropHeight">Height of the crop.</param>
    public static void WarpMask(
        Index1D index, ArrayView<float> mask, DeviceAffine frameToCrop, int boxX, int boxY, int boxWidth, int cropWidth, int cropHeight)
    {
        int x = boxX + (index % boxWidth), y = boxY + (index / boxWidth);
        float least = 1;
        for (int dy = -1; dy <= 0; dy++)
        {
            for (int dx = -1; dx <= 0; dx++)
            {
                if (x + dx >= 0 && y + dy >= 0)
                {
                    double u = (frameToCrop.M00 * (x + dx)) + ((frameToCrop.M01 * (y + dy)) + frameToCrop.M02);
                    double v = (frameToCrop.M10 * (x + dx)) + ((frameToCrop.M11 * (y + dy)) + frameToCrop.M12);
                    least = IntrinsicMath.Min(least, (float)(Ramp(u, cropWidth) * Ramp(v, cropHeight)));
                }
            }
        }

        mask[index] = least;
    }

    /// <summary>Minimum over <c>x-size/2 .. x-size/2+size-1</c> of a row. Extent: pixels of the box.</summary>
    /// <param name="index">Pixel of the box, row-major.</param>
    /// <param name="source"><c>[-,boxWidth]</c>.</param>
    /// <param name="destination">The same shape, written.</param>
    /// <param name="boxX">First column of the box.</param>
    /// <param name="boxWidth">Width of the box.</param>
    /// <param name="frameWidth">Width of the frame.</param>
    /// <param name="size">Side of the erosion's square.</param>
    public static void ErodeRows(Index1D index, ArrayView<float> source, ArrayView<float> destination, int boxX, int boxWidth, int frameWidth, int size) =>
        destination[index] = Minimum(source, index - (index % boxWidth), 1, index % boxWidth, boxX, boxWidth, frameWidth, size);

    /// <summary>Minimum over <c>y-size/2 .. y-size/2+size-1</c> of a column. Extent: pixels of the box.</summary>
    /// <param name="index">Pixel of the box, row-major.</param>
    /// <param name="source"><c>[boxHeight,boxWidth]</c>.</param>
    /// <param name="destination">The same shape, written.</param>
    /// <param name="boxY">First row of the box.</param>
    /// <param name="boxWidth">Width of the box.</param>
    /// <param name="boxHeight">Height of the box.</param>
    /// <param name="frameHeight">Height of the frame.</param>
    /// <param name="size">Side of the erosion's square.</param>
    public static void ErodeColumns(
        Index1D index, ArrayView<float> source, ArrayView<float> destination, int boxY, int boxWidth, int boxHeight, int frameHeight, int size) =>
        destination[index] = Minimum(source, index % boxWidth, boxWidth, index / boxWidth, boxY, boxHeight, frameHeight, size);

    /// <summary>Gaussian blur along rows. Extent: pixels of the box.</summary>
    /// <param name="index">Pixel of the box, row-major.</param>
    /// <param name="source"><c>[-,boxWidth]</c>.</param>
    /// <param name="destination">The same shape, written.</param>
    /// <param name="weights">Weights from the centre outwards, <c>radius+1</c>.</param>
    /// <param name="boxX">First column of the box.</param>
    /// <param name="boxWidth">Width of the box.</param>
    /// <param name="frameWidth">Width of the frame.</param>
    /// <param name="radius">Radius of the blur.</param>
    public static void BlurRows(
        Index1D index, ArrayView<float> source, ArrayView<float> destination, ArrayView<float> weights, int boxX, int boxWidth, int frameWidth, int radius) =>
        destination[index] = Blurred(source, weights, index - (index % boxWidth), 1, index % boxWidth, boxX, boxWidth, frameWidth, radius);

    /// <summary>Gaussian blur along columns. Extent: pixels of the box.</summary>
    /// <param name="index">Pixel of the box, row-major.</param>
    /// <param name="source"><c>[boxHeight,boxWidth]</c>.</param>
    /// <param name="destination">The same shape, written.</param>
    /// <param name="weights">Weights from the centre outwards, <c>radius+1</c>.</param>
    /// <param name="boxY">First row of the box.</param>
    /// <param name="boxWidth">Width of the box.</param>
    /// <param name="boxHeight">Height of the box.</param>
    /// <param name="frameHeight">Height of the frame.</param>
    /// <param name="radius">Radius of the blur.</param>
    public static void BlurColumns(
        Index1D index,
        ArrayView<float> source,
        ArrayView<float> destination,
        ArrayView<float> weights,
        int boxY,
        int boxWidth,
        int boxHeight,
        int frameHeight,
        int radius) =>
        destination[index] = Blurred(source, weights, index % boxWidth, boxWidth, index / boxWidth, boxY, boxHeight, frameHeight, radius);

    private static double Ramp(double at, int size) => IntrinsicMath.Clamp(IntrinsicMath.Min(at + 1, size - at), 0.0, 1.0);

    private static float Minimum(ArrayView<float> source, int origin, int step, int at, int start, int count, int extent, int size)
    {
        float least = 1;
        for (int i = at - (size / 2); i < at - (size / 2) + size; i++)
        {
            if (start + i >= 0 && start + i < extent)
            {
                least = IntrinsicMath.Min(least, i >= 0 && i < count ? source[origin + (i * step)] : 0);
            }
        }

        return least;
    }

    private static float Blurred(ArrayView<float> source, ArrayView<float> weights, int origin, int step, int at, int start, int count, int extent, int radius)
    {
        float sum = source[origin + (at * step)] * weights[0];
        for (int k = 1; k <= radius; k++)
        {
            float before = Reflected(source, origin, step, at - k, start, count, extent);
            float after = Reflected(source, origin, step, at + k, start, count, extent);
            sum += (before + after) * weights[k];
        }

        return sum;
    }

    private static float Reflected(ArrayView<float> source, int origin, int step, int at, int start, int count, int extent)
    {
        int index = start + at;
        int period = IntrinsicMath.Max(1, 2 * (extent - 1));
        index = ((index % period) + period) % period;
        index = (index < extent ? index : period - index) - start;
        return index >= 0 && index < count ? source[origin + (index * step)] : 0;
    }
}
