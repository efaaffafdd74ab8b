namespace LatentSync.Kernels;

/// <summary>Checks that every backend makes before it touches memory.</summary>
internal static class KernelArguments
{
    public static void CheckNormalize(RgbImage face, int mask, int pixels, int maskedPixels)
    {
        int area = face.Width * face.Height;
        if (mask != area)
        {
            throw new ArgumentException($"the mask holds {mask} values, the face {area} pixels");
        }

        if (pixels < 3 * area || maskedPixels < 3 * area)
        {
            throw new ArgumentException($"a {face.Width}x{face.Height} face takes {3 * area} values in either output, there is room for {pixels} and {maskedPixels}");
        }
    }

    public static void CheckFace(int values, int resolution)
    {
        if (values != 3L * resolution * resolution)
        {
            throw new ArgumentException($"a face of {resolution} px takes {3L * resolution * resolution} values, {values} were given");
        }
    }

    public static void CheckKeepOriginal(int original, int mask, int decoded)
    {
        if (original != decoded || mask == 0 || decoded % mask != 0)
        {
            throw new ArgumentException($"{decoded} decoded and {original} original values do not fit a mask of {mask}");
        }
    }

    public static void CheckStep(int first, int second, int sample)
    {
        if (first != sample || second != sample)
        {
            throw new ArgumentException($"the sample holds {sample} values, the model's output {first} and {second}");
        }
    }
}
