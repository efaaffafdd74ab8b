using System.Numerics.Tensors;
using LatentSync.Kernels;

namespace LatentSync.Pipeline.Evaluation;

/// <summary>
/// SSIM as defined by Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity" (2004), on luma:
/// Gaussian window of 11 x 11 with a standard deviation of 1.5, K1 = 0.01, K2 = 0.03, L = 255, the mean over all windows that lie inside the picture.
/// Luma is BT.601's 0.299 R + 0.587 G + 0.114 B over 0..255, not rounded. Buffers of a few rows are reused: one thread at a time.
/// </summary>
internal sealed class StructuralSimilarity
{
    /// <summary>Side of the window; smaller pictures have no SSIM.</summary>
    public const int Window = 11;

    private const double Deviation = 1.5;
    private const float C1 = 0.01f * 255 * 0.01f * 255, C2 = 0.03f * 255 * 0.03f * 255;

    // Variances are differences of means of squares: around the middle of the range they keep more of float32's digits, and do not depend on it.
    private const float Middle = 128;

    private static readonly float[] s_weights = Weights();

    private readonly int _width;
    private readonly int _height;
    private readonly float[][] _rows;
    private readonly float[][][] _blurred;
    private readonly float[][] _moments;
    private readonly float[] _scratch;

    /// <summary>Prepares for pictures of one size, at least <see cref="Window"/> pixels each way.</summary>
    public StructuralSimilarity(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, Window);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, Window);
        (_width, _height) = (width, height);
        int windows = width - Window + 1;

        // Four moments: the two lumas, the sum of their squares, their product.
        _rows = Buffers(4, width);
        _moments = Buffers(4, windows);
        _blurred = [.. _rows.Select(_ => Buffers(Window, windows))];
        _scratch = new float[windows];
    }

    /// <summary>SSIM of two pictures, -1..1.</summary>
    public double Measure(RgbImage a, RgbImage b)
    {
        double sum = 0;
        for (int y = 0; y < _height; y++)
        {
            ReadRow(a, b, y);
            for (int moment = 0; moment < _rows.Length; moment++)
            {
                Blur(_rows[moment], _blurred[moment][y % Window]);
            }

            if (y >= Window - 1)
            {
                sum += MeasureRow(y - Window + 1);
            }
        }

        return sum / ((double)(_width - Window + 1) * (_height - Window + 1));
    }

    private static float[] Weights()
    {
        double[] weights = [.. Enumerable.Range(-(Window / 2), Window).Select(i => Math.Exp(-i * i / (2 * Deviation * Deviation)))];
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    private static float[][] Buffers(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new float[length])];

    private static void ReadLuma(RgbImage image, int y, float[] luma)
    {
        ReadOnlySpan<byte> row = image.Span.Slice(y * image.Width * 3, image.Width * 3);
        for (int x = 0; x < luma.Length; x++)
        {
            luma[x] = (0.299f * row[x * 3]) + (0.587f * row[(x * 3) + 1]) + (0.114f * row[(x * 3) + 2]) - Middle;
        }
    }

    private static void Blur(ReadOnlySpan<float> row, Span<float> blurred)
    {
        TensorPrimitives.Multiply(row[..blurred.Length], s_weights[0], blurred);
        for (int tap = 1; tap < Window; tap++)
        {
            TensorPrimitives.MultiplyAdd(row.Slice(tap, blurred.Length), s_weights[tap], blurred, blurred);
        }
    }

    private void ReadRow(RgbImage a, RgbImage b, int y)
    {
        ReadLuma(a, y, _rows[0]);
        ReadLuma(b, y, _rows[1]);
        TensorPrimitives.Multiply<float>(_rows[1], _rows[1], _rows[2]);
        TensorPrimitives.MultiplyAdd<float>(_rows[0], _rows[0], _rows[2], _rows[2]);
        TensorPrimitives.Multiply<float>(_rows[0], _rows[1], _rows[3]);
    }

    // The sum of the SSIM map's row: the windows whose first picture row is this one.
    private double MeasureRow(int first)
    {
        for (int moment = 0; moment < _moments.Length; moment++)
        {
            float[] mean = _moments[moment];
            TensorPrimitives.Multiply(_blurred[moment][first % Window], s_weights[0], mean);
            for (int tap = 1; tap < Window; tap++)
            {
                TensorPrimitives.MultiplyAdd(_blurred[moment][(first + tap) % Window], s_weights[tap], mean, mean);
            }
        }

        float[] meanA = _moments[0], meanB = _moments[1], variances = _moments[2], covariance = _moments[3], scratch = _scratch;
        TensorPrimitives.Multiply<float>(meanA, meanB, scratch);
        TensorPrimitives.Subtract<float>(covariance, scratch, covariance);
        TensorPrimitives.Multiply<float>(meanA, meanA, scratch);
        TensorPrimitives.MultiplyAdd<float>(meanB, meanB, scratch, scratch);
        TensorPrimitives.Subtract<float>(variances, scratch, variances);

        // (2 cov + C2) / (var a + var b + C2)
        TensorPrimitives.Multiply(covariance, 2, covariance);
        TensorPrimitives.Add(covariance, C2, covariance);
        TensorPrimitives.Add(variances, C2, variances);
        TensorPrimitives.Divide<float>(covariance, variances, covariance);

        // (2 mean a mean b + C1) / (mean a^2 + mean b^2 + C1)
        TensorPrimitives.Add(meanA, Middle, meanA);
        TensorPrimitives.Add(meanB, Middle, meanB);
        TensorPrimitives.Multiply<float>(meanA, meanB, scratch);
        TensorPrimitives.Multiply(scratch, 2, scratch);
        TensorPrimitives.Add(scratch, C1, scratch);
        TensorPrimitives.Multiply<float>(meanA, meanA, meanA);
        TensorPrimitives.MultiplyAdd<float>(meanB, meanB, meanA, meanA);
        TensorPrimitives.Add(meanA, C1, meanA);
        TensorPrimitives.Divide<float>(scratch, meanA, scratch);
        return TensorPrimitives.Dot<float>(scratch, covariance);
    }
}
