using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>Putting a face back: antialiased bicubic resize, inverse warp, blend; and the mix of decoded and original pixels before it.</summary>
public static class CompositeKernels
{
    /// <summary>Column pass of the bicubic resize. Extent: values of the intermediate, <c>3*height*sourceWidth</c>.</summary>
    /// <param name="index">Value of the intermediate.</param>
    /// <param name="planes"><c>[3,sourceHeight,sourceWidth]</c>.</param>
    /// <param name="columns"><c>[3,height,sourceWidth]</c>, written.</param>
    /// <param name="starts">First source row of each output row; all taps lie inside.</param>
    /// <param name="weights"><c>[height,taps]</c>.</param>
    /// <param name="sourceWidth">Width of the source.</param>
    /// <param name="sourceHeight">Height of the source.</param>
    /// <param name="height">Height of the output.</param>
    /// <param name="taps">Taps of an output row.</param>
    public static void ResizeColumnsBicubic(
        Index1D index,
        ArrayView<float> planes,
        ArrayView<float> columns,
        ArrayView<int> starts,
        ArrayView<float> weights,
        int sourceWidth,
        int sourceHeight,
        int height,
        int taps)
    {
        int x = index % sourceWidth, y = index / sourceWidth % height, plane = index / (sourceWidth * height);
        float sum = 0;
        for (int k = 0; k < taps; k++)
        {
            sum += weights[(y * taps) + k] * planes[((((long)plane * sourceHeight) + starts[y] + k) * sourceWidth) + x];
        }

        columns[index] = sum;
    }

    /// <summary>Row pass of the bicubic resize, interleaving the planes. Extent: pixels of the output.</summary>
    /// <param name="index">Pixel of the output, row-major.</param>
    /// <param name="columns"><c>[3,height,sourceWidth]</c>.</param>
    /// <param name="pixels"><c>[height,width,3]</c>, written.</param>
    /// <param name="starts">First source column of each output column; all taps lie inside.</param>
    /// <param name="weights"><c>[width,taps]</c>.</param>
    /// <param name="sourceWidth">Width of the source.</param>
    /// <param name="width">Width of the output.</param>
    /// <param name="height">Height of the output.</param>
    /// <param name="taps">Taps of an output column.</param>
    public static void ResizeRowsBicubic(
        Index1D index,
        ArrayView<float> columns,
        ArrayView<float> pixels,
        ArrayView<int> starts,
        ArrayView<float> weights,
        int sourceWidth,
        int width,
        int height,
        int taps)
    {
        int x = index % width, y = index / width;
        for (int channel = 0; channel < 3; channel++)
        {
            float sum = 0;
            for (int k = 0; k < taps; k++)
            {
                sum += weights[(x * taps) + k] * columns[((((long)channel * height) + y) * sourceWidth) + starts[x] + k];
            }

            pixels[(index.X * 3L) + channel] = sum;
        }
    }

    /// <summary>
    /// Warps the face into the frame and blends: <c>soft*mask*clamp(x/2+0.5,0,1)*255 + (1-soft)*frame</c>, truncated to bytes; pixels whose soft mask is 0
    /// are not written. Extent: pixels of the box.
    /// </summary>
    /// <param name="index">Pixel of the box, row-major.</param>
    /// <param name="frame">Interleaved RGB, changed in place; the box's first pixel is at <paramref name="frameOffset"/>.</param>
    /// <param name="soft">The soft mask over the box.</param>
    /// <param name="mask">The warped, eroded mask over the box.</param>
    /// <param name="crop">The face at the crop's size, <c>[cropHeight,cropWidth,3]</c>, about -1..1.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <param name="boxX">First column of the box in the frame.</param>
    /// <param name="boxY">First row of the box in the frame.</param>
    /// <param name="boxWidth">Width of the box.</param>
    /// <param name="cropWidth">Width of the crop.</param>
    /// <param name="cropHeight">Height of the crop.</param>
    /// <param name="frameOffset">Index of the box's first pixel in <paramref name="frame"/>, in pixels.</param>
    /// <param name="framePitch">Pixels from one row of <paramref name="frame"/> to the next.</param>
    public static void BlendFace(
        Index1D index,
        ArrayView<byte> frame,
        ArrayView<float> soft,
        ArrayView<float> mask,
        ArrayView<float> crop,
        DeviceAffine frameToCrop,
        int boxX,
        int boxY,
        int boxWidth,
        int cropWidth,
        int cropHeight,
        int frameOffset,
        int framePitch)
    {
        float weight = soft[index];
        if (weight != 0)
        {
            int column = index % boxWidth, row = index / boxWidth, x = boxX + column, y = boxY + row;
            double u = Sampling.Confine((frameToCrop.M00 * x) + ((frameToCrop.M01 * y) + frameToCrop.M02), cropWidth);
            double v = Sampling.Confine((frameToCrop.M10 * x) + ((frameToCrop.M11 * y) + frameToCrop.M12), cropHeight);
            int left = Sampling.Floor(u), top = Sampling.Floor(v);
            float fu = (float)(u - left), fv = (float)(v - top);
            for (int channel = 0; channel < 3; channel++)
            {
                float upper = Sampling.Mix(Tap(crop, left, top, channel, cropWidth, cropHeight), Tap(crop, left + 1, top, channel, cropWidth, cropHeight), fu);
                float lower = Sampling.Mix(
                    Tap(crop, left, top + 1, channel, cropWidth, cropHeight), Tap(crop, left + 1, top + 1, channel, cropWidth, cropHeight), fu);
                float face = IntrinsicMath.Clamp((Sampling.Mix(upper, lower, fv) * 0.5f) + 0.5f, 0f, 1f) * 255f;
                long at = ((frameOffset + ((long)row * framePitch) + column) * 3) + channel;
                frame[at] = Sampling.Truncate((weight * (mask[index] * face)) + ((1f - weight) * frame[at]));
            }
        }
    }

    /// <summary><c>decoded*(1-mask) + original*mask</c>, in place. Extent: values of the picture.</summary>
    /// <param name="index">Value of the picture.</param>
    /// <param name="original"><c>[C,R,R]</c>.</param>
    /// <param name="mask"><c>[R,R]</c>, 1 = keep.</param>
    /// <param name="decoded"><c>[C,R,R]</c>, changed in place.</param>
    /// <param name="area">Values of the mask, <c>R*R</c>.</param>
    public static void KeepOriginal(Index1D index, ArrayView<float> original, ArrayView<float> mask, ArrayView<float> decoded, int area)
    {
        float kept = mask[index % area];
        decoded[index] = (decoded[index] * (1f - kept)) + (original[index] * kept);
    }

    private static float Tap(ArrayView<float> crop, int u, int v, int channel, int width, int height) =>
        u >= 0 && v >= 0 && u < width && v < height ? crop[((((long)v * width) + u) * 3) + channel] : Sampling.Border;
}
