using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

/// <summary>The fused warp against bilinear sampling in doubles; the last bit is settled by the face references.</summary>
public class ByteAffineWarpTests
{
    public static TheoryData<AffineTransform> Maps => new()
    {
        new AffineTransform(1, 0, 0, 0, 1, 0),
        new AffineTransform(0.7, 0, 12.25, 0, 0.7, -6.5),
        new AffineTransform(1.1, -0.6, 20, 0.6, 1.1, -25),
        new AffineTransform(4, 0, -100, 0, 4, -90),
    };

    [Theory]
    [MemberData(nameof(Maps))]
    public void WarpToBgrPlanes_AnyMap_NearExactBilinear(AffineTransform map)
    {
        RgbImage source = new(61, 47);
        new Random(3).NextBytes(source.Span);
        float[] planes = new float[3 * 70 * 50];
        ByteAffineWarp.WarpToBgrPlanes(source, map, planes, 70, 50, 127.5f, 1 / 128f);

        AffineTransform back = map.Invert();
        for (int i = 0; i < planes.Length; i++)
        {
            (double x, double y) = back.Apply(i % 70, i / 70 % 50);
            double expected = Bilinear(source, x, y, 2 - (i / 3500));

            // Half a unit for the rounding, and float32 coordinates up to 64 (4e-6) times a slope of 255 twice.
            Assert.Equal(expected, (planes[i] * 128) + 127.5, 0.51);
        }
    }

    [Fact]
    public void WarpToBgrPlanes_Identity_Unchanged()
    {
        RgbImage source = new(8, 6);
        new Random(4).NextBytes(source.Span);
        float[] planes = new float[3 * 48];
        ByteAffineWarp.WarpToBgrPlanes(source, new AffineTransform(1, 0, 0, 0, 1, 0), planes, 8, 6, 0, 1);
        Assert.Equal(source.Span.ToArray().Select(v => (float)v), Enumerable.Range(0, 144).Select(i => planes[((2 - (i % 3)) * 48) + (i / 3)]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    [InlineData(0)]
    public void WarpToBgrPlanes_SenselessMap_StaysWithinMemory(double value)
    {
        float[] planes = new float[3 * 16];
        ByteAffineWarp.WarpToBgrPlanes(new RgbImage(2, 2), new AffineTransform(value, 0, value, 0, value, value), planes, 4, 4, 0, 1);
        Assert.Throws<ArgumentException>(() => ByteAffineWarp.WarpToBgrPlanes(new RgbImage(2, 2), default, planes, 5, 4, 0, 1));
    }

    private static double Bilinear(RgbImage image, double x, double y, int channel)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        double At(int column, int row) => column >= 0 && row >= 0 && column < image.Width && row < image.Height
            ? image.Span[(((row * image.Width) + column) * 3) + channel]
            : 0;
        double upper = (At(left, top) * (left + 1 - x)) + (At(left + 1, top) * (x - left));
        double lower = (At(left, top + 1) * (left + 1 - x)) + (At(left + 1, top + 1) * (x - left));
        return (upper * (top + 1 - y)) + (lower * (y - top));
    }
}
