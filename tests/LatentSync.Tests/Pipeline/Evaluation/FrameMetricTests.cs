using LatentSync.Kernels;
using LatentSync.Pipeline.Evaluation;
using LatentSync.Tests.Support;
using LatentSync.Tests.Video;

namespace LatentSync.Tests.Pipeline.Evaluation;

/// <summary>The metrics of a pair of pictures against their definitions.</summary>
public sealed class FrameMetricTests
{
    // The squares are summed in whole numbers: only the logarithm rounds.
    private const double PsnrTolerance = 1e-9;

    // Means and variances in float32 are off by about 1e-7 of 128 and of 128^2, against C1 = 6.5 and C2 = 58.5 in the denominators. Where something varies
    // that is little; it is most in black pictures without any texture.
    private const double SsimTolerance = 2e-5, FlatSsimTolerance = 2e-4;

    [Theory]
    [InlineData(11, 11)]
    [InlineData(12, 17)]
    [InlineData(53, 30)]
    [InlineData(64, 48)]
    public void PsnrAndSsim_NoisyPicture_AreThoseOfTheDefinition(int width, int height)
    {
        RgbImage a = MediaBench.Gradient(width, height, 3), b = Noisy(a, 40);

        Assert.Equal(SlowMetrics.Psnr(a, b, (_, _) => true), SquaredError.Of(a, b).Psnr, PsnrTolerance);
        Assert.Equal(SlowMetrics.Ssim(a, b), new StructuralSimilarity(width, height).Measure(a, b), SsimTolerance);
    }

    [Theory]
    [InlineData(0, 255)]
    [InlineData(7, 7)]
    [InlineData(0, 1)]
    public void PsnrAndSsim_FlatPictures_AreThoseOfTheDefinition(byte first, byte second)
    {
        RgbImage a = new(40, 20), b = new(40, 20);
        a.Span.Fill(first);
        b.Span.Fill(second);

        // ((2 m n + C1) / (m^2 + n^2 + C1)): nothing varies.
        Assert.Equal(SlowMetrics.Ssim(a, b), new StructuralSimilarity(40, 20).Measure(a, b), FlatSsimTolerance);
        Assert.Equal(20 * Math.Log10(255.0 / (second - first)), SquaredError.Of(a, b).Psnr, PsnrTolerance);
    }

    [Fact]
    public void Ssim_MeasuredTwice_IsTheSame()
    {
        RgbImage a = MediaBench.Gradient(40, 40, 0), b = Noisy(a, 9);
        StructuralSimilarity similarity = new(40, 40);
        double first = similarity.Measure(a, b);

        similarity.Measure(b, Noisy(b, 100));

        Assert.Equal(first, similarity.Measure(a, b));
    }

    [Fact]
    public void Ssim_PictureBelowTheWindow_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new StructuralSimilarity(10, 40));

    /// <summary>More samples than one 32-bit lane may add up at the largest difference.</summary>
    [Fact]
    public void Psnr_LongRowOfExtremes_DoesNotOverflow()
    {
        RgbImage a = new(600_000, 1), b = new(600_000, 1);
        b.Span.Fill(255);
        Assert.Equal(new SquaredError(255L * 255 * 1_800_000, 1_800_000), SquaredError.Of(a, b));
    }

    [Fact]
    public void Psnr_Box_CountsItsPixelsOnly()
    {
        RgbImage a = MediaBench.Gradient(50, 40, 1), b = Noisy(a, 30);
        PixelBox box = new(7, 5, 31, 20);
        Assert.Equal(
            SlowMetrics.Psnr(a, b, (x, y) => x >= 7 && x < 38 && y >= 5 && y < 25),
            SquaredError.Of(a, b, box).Psnr,
            PsnrTolerance);
        Assert.True(double.IsNaN(SquaredError.Of(a, b, default(PixelBox)).Psnr));
    }

    [Fact]
    public void Psnr_SoftMask_CountsThePixelsThatAPutBackMayChange()
    {
        RgbImage a = MediaBench.Gradient(160, 120, 1), b = Noisy(a, 30);
        SoftMask mask = new();
        mask.Compute(160, 120, 64, 64, new AffineTransform(0.9, 0.1, -20, -0.1, 0.9, -10));

        Assert.False(mask.Plan.Box.IsEmpty);
        Assert.Equal(MaskedPsnr.Measure(a, b, mask), SquaredError.Of(a, b, mask).Psnr, PsnrTolerance);
    }

    [Fact]
    public void Flicker_SteadyError_IsZeroAndChangingError_Counts()
    {
        RgbImage before = MediaBench.Gradient(30, 30, 0), after = MediaBench.Gradient(30, 30, 5);
        RgbImage brighterBefore = Shifted(before, 10), brighterAfter = Shifted(after, 10), muchBrighterAfter = Shifted(after, 13);
        PixelBox box = new(2, 3, 20, 10);

        Assert.Equal(0, Flicker.Of(brighterBefore, before, brighterAfter, after, box).Mean);
        Assert.Equal(3, Flicker.Of(brighterBefore, before, muchBrighterAfter, after, box).Mean);
        Assert.True(double.IsNaN(default(Flicker).Mean));
    }

    internal static RgbImage Noisy(RgbImage image, int amplitude)
    {
        Random random = new(amplitude);
        RgbImage noisy = new(image.Width, image.Height);
        for (int i = 0; i < noisy.Span.Length; i++)
        {
            noisy.Span[i] = (byte)Math.Clamp(image.Span[i] + random.Next(-amplitude, amplitude + 1), 0, 255);
        }

        return noisy;
    }

    // The gradient stays far enough from 0 and 255.
    private static RgbImage Shifted(RgbImage image, int levels)
    {
        RgbImage shifted = new(image.Width, image.Height);
        for (int i = 0; i < shifted.Span.Length; i++)
        {
            shifted.Span[i] = (byte)(image.Span[i] + levels);
        }

        return shifted;
    }
}
