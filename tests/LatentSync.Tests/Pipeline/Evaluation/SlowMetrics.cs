using LatentSync.Kernels;

namespace LatentSync.Tests.Pipeline.Evaluation;

/// <summary>The metrics as their definitions read, in double precision, pixel by pixel.</summary>
internal static class SlowMetrics
{
    public static double Psnr(RgbImage a, RgbImage b, Func<int, int, bool> counts)
    {
        double squares = 0, samples = 0;
        for (int y = 0; y < a.Height; y++)
        {
            for (int x = 0; x < a.Width; x++)
            {
                for (int c = 0; c < 3 && counts(x, y); c++)
                {
                    squares += Math.Pow(Sample(a, x, y, c) - Sample(b, x, y, c), 2);
                    samples++;
                }
            }
        }

        return 10 * Math.Log10(255.0 * 255.0 / (squares / samples));
    }

    /// <summary>Wang et al. 2004: every window of 11 x 11 with its full two-dimensional weights.</summary>
    public static double Ssim(RgbImage a, RgbImage b)
    {
        const int Side = 11;
        double[,] weights = new double[Side, Side];
        double total = 0;
        for (int i = 0; i < Side; i++)
        {
            for (int j = 0; j < Side; j++)
            {
                weights[i, j] = Math.Exp(-(Math.Pow(i - 5, 2) + Math.Pow(j - 5, 2)) / (2 * 1.5 * 1.5));
                total += weights[i, j];
            }
        }

        double sum = 0;
        int windows = 0;
        for (int y = 0; y + Side <= a.Height; y++)
        {
            for (int x = 0; x + Side <= a.Width; x++, windows++)
            {
                double meanA = 0, meanB = 0, varianceA = 0, varianceB = 0, covariance = 0;
                ForWindow((weight, p, q) => (meanA, meanB) = (meanA + (weight * p), meanB + (weight * q)));
                ForWindow((weight, p, q) =>
                {
                    varianceA += weight * (p - meanA) * (p - meanA);
                    varianceB += weight * (q - meanB) * (q - meanB);
                    covariance += weight * (p - meanA) * (q - meanB);
                });
                const double C1 = 0.01 * 255 * 0.01 * 255, C2 = 0.03 * 255 * 0.03 * 255;
                sum += ((2 * meanA * meanB) + C1) * ((2 * covariance) + C2) / (((meanA * meanA) + (meanB * meanB) + C1) * (varianceA + varianceB + C2));

                void ForWindow(Action<double, double, double> add)
                {
                    for (int i = 0; i < Side; i++)
                    {
                        for (int j = 0; j < Side; j++)
                        {
                            add(weights[i, j] / total, Luma(a, x + j, y + i), Luma(b, x + j, y + i));
                        }
                    }
                }
            }
        }

        return sum / windows;
    }

    private static double Luma(RgbImage image, int x, int y) => (0.299 * Sample(image, x, y, 0)) + (0.587 * Sample(image, x, y, 1)) + (0.114 * Sample(image, x, y, 2));

    private static double Sample(RgbImage image, int x, int y, int channel) => image.Span[(((y * image.Width) + x) * 3) + channel];
}
