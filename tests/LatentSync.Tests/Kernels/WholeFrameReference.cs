using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

/// <summary>
/// The put-back as the original does it: every step over the whole frame, pixel by pixel. Scalar, with the operations of the vector code in the same
/// order, so that results can be compared bit for bit.
/// </summary>
public sealed class WholeFrameReference
{
    private readonly int _width, _height, _cropWidth, _cropHeight;
    private readonly AffineTransform _map;

    public WholeFrameReference(int width, int height, int cropWidth, int cropHeight, AffineTransform frameToCrop)
    {
        (_width, _height, _cropWidth, _cropHeight, _map) = (width, height, cropWidth, cropHeight, frameToCrop);
        float[] warped = Plane((x, y) => (float)(Ramp(U(x, y), cropWidth) * Ramp(V(x, y), cropHeight)));
        Mask = Erode(warped, 2);
        EdgeWidth = (int)Math.Sqrt(Mask.Sum(m => (double)m)) / 20;
        float[] centre = Erode(Mask, EdgeWidth == 0 ? 3 : 2 * EdgeWidth);
        Soft = EdgeWidth == 0 ? centre : Blur(centre, Weights(EdgeWidth));
    }

    /// <summary>The warped mask after the 2 x 2 erosion, <c>[height,width]</c>.</summary>
    public float[] Mask { get; }

    /// <summary>The soft mask, <c>[height,width]</c>.</summary>
    public float[] Soft { get; }

    public int EdgeWidth { get; }

    /// <summary>Blends a face of the crop's size, <c>[h,w,4]</c>, into a copy of the frame.</summary>
    public byte[] Blend(ReadOnlySpan<byte> frame, float[] crop)
    {
        byte[] result = frame.ToArray();
        for (int i = 0; i < _width * _height; i++)
        {
            double u = U(i % _width, i / _width), v = V(i % _width, i / _width);
            double left = Math.Floor(u), top = Math.Floor(v);
            float fu = (float)(u - left), fv = (float)(v - top);
            for (int c = 0; c < 3; c++)
            {
                float upper = Mix(Tap(crop, left, top, c), Tap(crop, left + 1, top, c), fu), lower = Mix(Tap(crop, left, top + 1, c), Tap(crop, left + 1, top + 1, c), fu);
                float face = Math.Clamp((Mix(upper, lower, fv) * 0.5f) + 0.5f, 0f, 1f) * 255f;
                float value = (Soft[i] * (Mask[i] * face)) + ((1f - Soft[i]) * frame[(i * 3) + c]);
                result[(i * 3) + c] = (byte)Math.Min(value, 255f);
            }
        }

        return result;
    }

    private static float Mix(float a, float b, float weight) => a + (weight * (b - a));

    private static double Ramp(double at, int size) => Math.Clamp(Math.Min(at + 1, size - at), 0, 1);

    private static int Reflect(int i, int extent)
    {
        while (i < 0 || i >= extent)
        {
            i = extent == 1 ? 0 : i < 0 ? -i : (2 * (extent - 1)) - i;
        }

        return i;
    }

    private static float[] Weights(int radius)
    {
        double sigma = (0.3 * ((((2 * radius) + 1 - 1) * 0.5) - 1)) + 0.8;
        double[] values = [.. Enumerable.Range(0, radius + 1).Select(i => Math.Exp(-(double)i * i / (2 * sigma * sigma)))];
        double sum = 1;
        foreach (double value in values.Skip(1))
        {
            sum += 2 * value;
        }

        return [.. values.Select(v => (float)(v / sum))];
    }

    private double U(int x, int y) => Math.FusedMultiplyAdd(_map.M00, x, Math.FusedMultiplyAdd(_map.M01, y, _map.M02));

    private double V(int x, int y) => Math.FusedMultiplyAdd(_map.M10, x, Math.FusedMultiplyAdd(_map.M11, y, _map.M12));

    private float Tap(float[] crop, double u, double v, int channel) =>
        u >= 0 && v >= 0 && u < _cropWidth && v < _cropHeight ? crop[((((int)v * _cropWidth) + (int)u) * 4) + channel] : 127f;

    private float[] Erode(float[] plane, int size)
    {
        float Least(Func<int, float> at) => Enumerable.Range(-(size / 2), size).Min(at);
        float[] rows = Plane((x, y) => Least(d => x + d < 0 || x + d >= _width ? float.PositiveInfinity : plane[(y * _width) + x + d]));
        return Plane((x, y) => Least(d => y + d < 0 || y + d >= _height ? float.PositiveInfinity : rows[((y + d) * _width) + x]));
    }

    private float[] Blur(float[] plane, float[] weights)
    {
        float Sum(Func<int, float> at)
        {
            float sum = at(0) * weights[0];
            for (int k = 1; k < weights.Length; k++)
            {
                sum = MathF.FusedMultiplyAdd(at(-k) + at(k), weights[k], sum);
            }

            return sum;
        }

        float[] rows = Plane((x, y) => Sum(d => plane[(y * _width) + Reflect(x + d, _width)]));
        return Plane((x, y) => Sum(d => rows[(Reflect(y + d, _height) * _width) + x]));
    }

    private float[] Plane(Func<int, int, float> at)
    {
        float[] plane = new float[_width * _height];
        for (int i = 0; i < plane.Length; i++)
        {
            plane[i] = at(i % _width, i / _width);
        }

        return plane;
    }
}
