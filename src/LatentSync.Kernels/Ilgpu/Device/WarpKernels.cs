using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>Cutting a face out: the affine warp and the Lanczos-4 resize. One thread an output value; pictures are interleaved RGB bytes.</summary>
public static class WarpKernels
{
    /// <summary>Affine warp, bilinear in float32, border 127, truncated to bytes. Extent: pixels of the crop.</summary>
    /// <param name="index">Pixel of the crop, row-major.</param>
    /// <param name="frame"><c>[frameHeight,frameWidth,3]</c>.</param>
    /// <param name="crop"><c>[-,cropWidth,3]</c>, written.</param>
    /// <param name="cropToFrame">Maps the crop's pixels to the frame's.</param>
    /// <param name="frameWidth">Width of the frame.</param>
    /// <param name="frameHeight">Height of the frame.</param>
    /// <param name="cropWidth">Width of the crop.</param>
    public static void WarpFace(
        Index1D index, ArrayView<byte> frame, ArrayView<byte> crop, DeviceAffine cropToFrame, int frameWidth, int frameHeight, int cropWidth)
    {
        int u = index % cropWidth, v = index / cropWidth;
        double x = Sampling.Confine((cropToFrame.M00 * u) + ((cropToFrame.M01 * v) + cropToFrame.M02), frameWidth);
        double y = Sampling.Confine((cropToFrame.M10 * u) + ((cropToFrame.M11 * v) + cropToFrame.M12), frameHeight);
        int left = Sampling.Floor(x), top = Sampling.Floor(y);
        float fx = (float)(x - left), fy = (float)(y - top);
        for (int channel = 0; channel < 3; channel++)
        {
            float upper = Sampling.Mix(
                Tap(frame, left, top, channel, frameWidth, frameHeight), Tap(frame, left + 1, top, channel, frameWidth, frameHeight), fx);
            float lower = Sampling.Mix(
                Tap(frame, left, top + 1, channel, frameWidth, frameHeight), Tap(frame, left + 1, top + 1, channel, frameWidth, frameHeight), fx);
            crop[(index.X * 3L) + channel] = Sampling.Truncate(Sampling.Mix(upper, lower, fy));
        }
    }

    /// <summary>Row pass of the byte Lanczos-4 resize. Extent: values of the intermediate, <c>sourceHeight*width*3</c>.</summary>
    /// <param name="index">Value of the intermediate.</param>
    /// <param name="source"><c>[sourceHeight,sourceWidth,3]</c>.</param>
    /// <param name="sums"><c>[sourceHeight,width,3]</c>, 2048 = 1, written.</param>
    /// <param name="starts">First of eight source columns for each output column; edge pixels repeat.</param>
    /// <param name="weights">Eight weights for each output column, 2048 = 1.</param>
    /// <param name="sourceWidth">Width of the source.</param>
    /// <param name="width">Width of the output.</param>
    public static void ResizeRowsLanczos4(
        Index1D index, ArrayView<byte> source, ArrayView<int> sums, ArrayView<int> starts, ArrayView<short> weights, int sourceWidth, int width)
    {
        int channel = index % 3, x = index / 3 % width, y = index / (3 * width);
        int sum = 0;
        for (int k = 0; k < 8; k++)
        {
            int column = IntrinsicMath.Clamp(starts[x] + k, 0, sourceWidth - 1);
            sum += source[((((long)y * sourceWidth) + column) * 3) + channel] * weights[(x * 8) + k];
        }

        sums[index] = sum;
    }

    /// <summary>Column pass of the byte Lanczos-4 resize, rounded once and saturated. Extent: values of the output, <c>height*rowLength</c>.</summary>
    /// <param name="index">Value of the output.</param>
    /// <param name="sums"><c>[sourceHeight,rowLength]</c>, 2048 = 1.</param>
    /// <param name="destination"><c>[height,rowLength]</c>, written.</param>
    /// <param name="starts">First of eight source rows for each output row; edge pixels repeat.</param>
    /// <param name="weights">Eight weights for each output row, 2048 = 1.</param>
    /// <param name="sourceHeight">Height of the source.</param>
    /// <param name="rowLength">Values in a row, <c>width*3</c>.</param>
    public static void ResizeColumnsLanczos4(
        Index1D index, ArrayView<int> sums, ArrayView<byte> destination, ArrayView<int> starts, ArrayView<short> weights, int sourceHeight, int rowLength)
    {
        int x = index % rowLength, y = index / rowLength;
        int sum = 1 << 21;
        for (int k = 0; k < 8; k++)
        {
            int row = IntrinsicMath.Clamp(starts[y] + k, 0, sourceHeight - 1);
            sum += sums[((long)row * rowLength) + x] * weights[(y * 8) + k];
        }

        destination[index] = (byte)IntrinsicMath.Clamp(sum >> 22, 0, 255);
    }

    private static float Tap(ArrayView<byte> frame, int x, int y, int channel, int width, int height) =>
        x >= 0 && y >= 0 && x < width && y < height ? frame[((((long)y * width) + x) * 3) + channel] : Sampling.Border;
}
