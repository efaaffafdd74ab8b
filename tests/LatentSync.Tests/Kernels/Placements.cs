using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

/// <summary>Frames and faces for put-back tests: every way a face can lie in its frame.</summary>
public static class Placements
{
    /// <summary>Name, frame width and height, scale (crop pixels per frame pixel), rotation in degrees, crop centre in the frame.</summary>
    public static TheoryData<string, int, int, double, double, double, double> All => new()
    {
        { "upright inside", 160, 150, 0.9, 0, 80, 74 },
        { "tilted inside", 171, 163, 0.8, 23, 85, 80 },
        { "upside down", 160, 150, 1.1, 178, 81.5, 75.25 },
        { "cut off on the left", 150, 140, 0.8, -8, 4, 70 },
        { "cut off on the right and below", 151, 141, 0.7, 12, 149, 137 },
        { "frame inside the face", 60, 50, 0.5, 5, 30, 25 },
        { "a few pixels", 64, 64, 9, 30, 31, 33 },
        { "larger than a pixel but without an edge", 64, 64, 4.2, 0, 31.5, 30.25 },
        { "outside", 64, 64, 0.9, 0, -400, 30 },
        { "one row of the frame", 90, 1, 0.9, 0, 45, 0 },
        { "one column of the frame", 1, 90, 0.9, 0, 0, 45 },
        { "exactly on pixels", 150, 140, 1, 0, 72, 69.5 },
    };

    /// <summary>The transform of a placement at resolution 64 (crop 52 x 70).</summary>
    public static AffineTransform Transform(int resolution, double scale, double degrees, double x, double y)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        (double a, double b) = (scale * cosine, scale * sine);
        (double u, double v) = ((CropSize.Width(resolution) - 1) / 2.0, (CropSize.Height(resolution) - 1) / 2.0);
        return new AffineTransform(a, -b, u - (a * x) + (b * y), b, a, v - (b * x) - (a * y));
    }

    public static RgbImage Frame(int width, int height)
    {
        RgbImage frame = new(width, height);
        new Random(1).NextBytes(frame.Span);
        return frame;
    }

    /// <summary>A face that leaves -1..1 now and then, as decoders do.</summary>
    public static float[] Face(int resolution)
    {
        Random random = new(2);
        return [.. Enumerable.Range(0, 3 * resolution * resolution).Select(_ => (float)((random.NextDouble() * 2.4) - 1.2))];
    }
}
