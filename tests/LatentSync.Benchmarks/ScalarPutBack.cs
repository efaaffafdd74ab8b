using LatentSync.Kernels;

namespace LatentSync.Benchmarks;

/// <summary>
/// Align and put-back as plain loops, restricted to the face's box like the product: what the vector code is measured against. Same formulas, same separable
/// erosion and blur, no intrinsics.
/// </summary>
internal static class ScalarPutBack
{
    public static void Align(RgbImage frame, AffineTransform frameToCrop, RgbImage face)
    {
        int resolution = face.Width, width = CropSize.Width(resolution), height = CropSize.Height(resolution);
        AffineTransform map = frameToCrop.Invert();
        RgbImage crop = new(width, height);
        for (int i = 0; i < width * height; i++)
        {
            (double x, double y) = map.Apply(i % width, i / width);
            for (int c = 0; c < 3; c++)
            {
                crop.Span[(i * 3) + c] = (byte)Bilinear(x, y, frame.Width, frame.Height, frame.Span, c, 3);
            }
        }

        ResizeLanczos(crop, face);
    }

    public static void Composite(RgbImage frame, AffineTransform map, float[] face, int resolution)
    {
        int width = CropSize.Width(resolution), height = CropSize.Height(resolution);
        SoftMaskPlan plan = new();
        plan.Update(frame.Width, frame.Height, width, height, map);
        PixelBox box = plan.Box;
        float[] mask = new float[box.Area];
        for (int i = 0; i < mask.Length; i++)
        {
            (double u, double v) = map.Apply(box.X + (i % box.Width), box.Y + (i / box.Width));
            mask[i] = (float)(Math.Clamp(Math.Min(u + 1, width - u), 0, 1) * Math.Clamp(Math.Min(v + 1, height - v), 0, 1));
        }

        mask = Erode(mask, box, 2);
        float[] soft = Blur(Erode(mask, box, plan.ErosionSize), box, plan.BlurWeights);
        float[] crop = ResizeBicubic(face, resolution, width, height);
        for (int i = 0; i < soft.Length; i++)
        {
            if (soft[i] > 0)
            {
                int x = box.X + (i % box.Width), y = box.Y + (i / box.Width);
                (double u, double v) = map.Apply(x, y);
                for (int c = 0; c < 3; c++)
                {
                    float value = Math.Clamp((Bilinear(u, v, width, height, crop, c, 3) / 2) + 0.5f, 0, 1) * 255;
                    ref byte pixel = ref frame.Span[(((y * frame.Width) + x) * 3) + c];
                    pixel = (byte)Math.Min((soft[i] * mask[i] * value) + ((1 - soft[i]) * pixel), 255);
                }
            }
        }
    }

    private static float Bilinear(double x, double y, int width, int height, ReadOnlySpan<byte> pixels, int channel, int channels)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float fx = (float)(x - left), fy = (float)(y - top), sum = 0;
        for (int tap = 0; tap < 4; tap++)
        {
            int column = left + (tap & 1), row = top + (tap >> 1);
            float weight = ((tap & 1) == 0 ? 1 - fx : fx) * ((tap >> 1) == 0 ? 1 - fy : fy);
            sum += weight * (column >= 0 && row >= 0 && column < width && row < height ? pixels[(((row * width) + column) * channels) + channel] : 127f);
        }

        return sum;
    }

    private static float Bilinear(double x, double y, int width, int height, float[] pixels, int channel, int channels)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float fx = (float)(x - left), fy = (float)(y - top), sum = 0;
        for (int tap = 0; tap < 4; tap++)
        {
            int column = left + (tap & 1), row = top + (tap >> 1);
            float weight = ((tap & 1) == 0 ? 1 - fx : fx) * ((tap >> 1) == 0 ? 1 - fy : fy);
            sum += weight * (column >= 0 && row >= 0 && column < width && row < height ? pixels[(((row * width) + column) * channels) + channel] : 127f);
        }

        return sum;
    }

    private static void ResizeLanczos(RgbImage source, RgbImage target)
    {
        (int[] columnStarts, float[] columnWeights) = LanczosTaps(source.Width, target.Width);
        (int[] rowStarts, float[] rowWeights) = LanczosTaps(source.Height, target.Height);
        int row = target.Width * 3;
        float[] sums = new float[source.Height * row];
        ReadOnlySpan<byte> pixels = source.Span;
        for (int y = 0; y < source.Height; y++)
        {
            for (int x = 0; x < target.Width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    float sum = 0;
                    for (int k = 0; k < 8; k++)
                    {
                        int column = Math.Clamp(columnStarts[x] + k, 0, source.Width - 1);
                        sum += columnWeights[(x * 8) + k] * pixels[(((y * source.Width) + column) * 3) + c];
                    }

                    sums[(y * row) + (x * 3) + c] = sum;
                }
            }
        }

        for (int y = 0; y < target.Height; y++)
        {
            Span<byte> line = target.Span.Slice(y * row, row);
            for (int x = 0; x < row; x++)
            {
                float sum = 0.5f;
                for (int k = 0; k < 8; k++)
                {
                    sum += rowWeights[(y * 8) + k] * sums[(Math.Clamp(rowStarts[y] + k, 0, source.Height - 1) * row) + x];
                }

                line[x] = (byte)Math.Clamp(sum, 0, 255);
            }
        }
    }

    private static (int[] Starts, float[] Weights) LanczosTaps(int source, int target)
    {
        int[] starts = new int[target];
        float[] weights = new float[target * 8];
        for (int i = 0; i < target; i++)
        {
            double at = ((i + 0.5) * source / target) - 0.5;
            starts[i] = (int)Math.Floor(at) - 3;
            for (int k = 0; k < 8; k++)
            {
                double x = Math.PI * (at - starts[i] - k);
                weights[(i * 8) + k] = x == 0 ? 1 : (float)(4 * Math.Sin(x) * Math.Sin(x / 4) / (x * x));
            }
        }

        return (starts, weights);
    }

    private static float[] ResizeBicubic(float[] planes, int size, int width, int height)
    {
        (int[] rowStarts, float[] rowWeights, int rowTaps) = CubicTaps(size, height);
        (int[] columnStarts, float[] columnWeights, int columnTaps) = CubicTaps(size, width);
        float[] line = new float[size], pixels = new float[width * height * 3];
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < size; x++)
                {
                    float sum = 0;
                    for (int k = 0; k < rowTaps; k++)
                    {
                        sum += rowWeights[(y * rowTaps) + k] * planes[(c * size * size) + ((rowStarts[y] + k) * size) + x];
                    }

                    line[x] = sum;
                }

                for (int x = 0; x < width; x++)
                {
                    float sum = 0;
                    for (int k = 0; k < columnTaps; k++)
                    {
                        sum += columnWeights[(x * columnTaps) + k] * line[columnStarts[x] + k];
                    }

                    pixels[(((y * width) + x) * 3) + c] = sum;
                }
            }
        }

        return pixels;
    }

    private static (int[] Starts, float[] Weights, int Taps) CubicTaps(int source, int target)
    {
        double scale = (double)source / target, stretch = Math.Max(scale, 1);
        int taps = ((int)Math.Ceiling(2 * stretch) * 2) + 1;
        int[] starts = new int[target];
        float[] weights = new float[target * taps];
        for (int i = 0; i < target; i++)
        {
            double centre = scale * (i + 0.5), sum = 0;
            starts[i] = Math.Clamp((int)(centre - (2 * stretch) + 0.5), 0, source - taps);
            for (int k = 0; k < taps; k++)
            {
                double x = Math.Abs(starts[i] + k - centre + 0.5) / stretch;
                double weight = x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1 : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * -0.5 : 0;
                weights[(i * taps) + k] = (float)weight;
                sum += weight;
            }

            for (int k = 0; k < taps; k++)
            {
                weights[(i * taps) + k] /= (float)sum;
            }
        }

        return (starts, weights, taps);
    }

    private static float[] Erode(float[] plane, PixelBox box, int size)
    {
        float[] rows = new float[plane.Length], result = new float[plane.Length];
        for (int y = 0; y < box.Height; y++)
        {
            for (int x = 0; x < box.Width; x++)
            {
                float least = 1;
                for (int from = x - (size / 2); from < x - (size / 2) + size; from++)
                {
                    least = Math.Min(least, from >= 0 && from < box.Width ? plane[(y * box.Width) + from] : 0);
                }

                rows[(y * box.Width) + x] = least;
            }
        }

        for (int y = 0; y < box.Height; y++)
        {
            for (int x = 0; x < box.Width; x++)
            {
                float least = 1;
                for (int from = y - (size / 2); from < y - (size / 2) + size; from++)
                {
                    least = Math.Min(least, from >= 0 && from < box.Height ? rows[(from * box.Width) + x] : 0);
                }

                result[(y * box.Width) + x] = least;
            }
        }

        return result;
    }

    private static float[] Blur(float[] plane, PixelBox box, ReadOnlySpan<float> weights)
    {
        int radius = weights.Length - 1;
        float[] rows = new float[plane.Length], result = new float[plane.Length];
        for (int y = 0; y < box.Height; y++)
        {
            for (int x = 0; x < box.Width; x++)
            {
                float sum = 0;
                for (int from = Math.Max(x - radius, 0); from <= Math.Min(x + radius, box.Width - 1); from++)
                {
                    sum += weights[Math.Abs(from - x)] * plane[(y * box.Width) + from];
                }

                rows[(y * box.Width) + x] = sum;
            }
        }

        for (int y = 0; y < box.Height; y++)
        {
            for (int x = 0; x < box.Width; x++)
            {
                float sum = 0;
                for (int from = Math.Max(y - radius, 0); from <= Math.Min(y + radius, box.Height - 1); from++)
                {
                    sum += weights[Math.Abs(from - y)] * rows[(from * box.Width) + x];
                }

                result[(y * box.Width) + x] = sum;
            }
        }

        return result;
    }
}
