using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>From bytes to what the VAE's encoder takes.</summary>
public static class NormalizeKernels
{
    /// <summary><c>bytes/255*2-1</c> as planes, and the same times the mask. Extent: pixels of the face.</summary>
    /// <param name="index">Pixel, row-major.</param>
    /// <param name="face"><c>[R,R,3]</c>.</param>
    /// <param name="mask"><c>[R,R]</c>, 1 = keep.</param>
    /// <param name="pixels"><c>[3,R,R]</c>, -1..1, written.</param>
    /// <param name="maskedPixels"><c>[3,R,R]</c>, written.</param>
    /// <param name="area">Pixels of the face, <c>R*R</c>.</param>
    public static void NormalizeAndMask(
        Index1D index, ArrayView<byte> face, ArrayView<float> mask, ArrayView<float> pixels, ArrayView<float> maskedPixels, int area)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            float value = (face[(index.X * 3L) + channel] / 255f * 2f) - 1f;
            long at = ((long)channel * area) + index;
            pixels[at] = value;
            maskedPixels[at] = value * mask[index];
        }
    }
}
