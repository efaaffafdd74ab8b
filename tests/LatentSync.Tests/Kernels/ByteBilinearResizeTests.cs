using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

/// <summary>The fused, vectorised resize against the same integer arithmetic written out pixel by pixel.</summary>
public class ByteBilinearResizeTests
{
    [Theory]
    [InlineData(640, 480, 512, 384)]
    [InlineData(37, 23, 16, 10)]
    [InlineData(20, 11, 53, 29)]
    [InlineData(64, 64, 32, 32)]
    [InlineData(9, 7, 9, 7)]
    [InlineData(1, 1, 19, 5)]
    [InlineData(3, 50, 1, 1)]
    public void ResizeToBgrPlanes_AnySizes_EqualsScalar(int sourceWidth, int sourceHeight, int width, int height)
    {
        byte[] source = new byte[sourceWidth * sourceHeight * 3];
        new Random(sourceWidth).NextBytes(source);
        (int planeWidth, int planeHeight) = (width + 3, height + 2);
        float[] planes = new float[3 * planeWidth * planeHeight];
        Array.Fill(planes, -1000f);
        new ByteBilinearResize(sourceWidth, sourceHeight, width, height).ResizeToBgrPlanes(source, planes, planeWidth, planeHeight, 127.5f, 1 / 128f);

        for (int i = 0; i < planes.Length; i++)
        {
            int x = i % planeWidth, y = i / planeWidth % planeHeight, channel = 2 - (i / planeWidth / planeHeight);
            float expected = x < width && y < height
                ? (Scalar(source, sourceWidth, sourceHeight, width, height, x, y, channel) - 127.5f) / 128
                : -1000f;
            Assert.Equal(expected, planes[i]);
        }
    }

    [Fact]
    public void ResizeToBgrPlanes_SecondPictureOfSameSize_RemembersNothing()
    {
        ByteBilinearResize resize = new(8, 8, 5, 5);
        float[] planes = new float[75];
        resize.ResizeToBgrPlanes(new byte[192], planes, 5, 5, 0, 1);
        byte[] white = new byte[192];
        Array.Fill(white, (byte)255);
        resize.ResizeToBgrPlanes(white, planes, 5, 5, 0, 1);
        Assert.All(planes, v => Assert.Equal(255f, v));
    }

    [Fact]
    public void ResizeToBgrPlanes_ShortBuffers_Refused()
    {
        ByteBilinearResize resize = new(4, 4, 2, 2);
        Assert.Throws<ArgumentException>(() => resize.ResizeToBgrPlanes(new byte[47], new float[12], 2, 2, 0, 1));
        Assert.Throws<ArgumentException>(() => resize.ResizeToBgrPlanes(new byte[48], new float[11], 2, 2, 0, 1));
        Assert.Throws<ArgumentException>(() => resize.ResizeToBgrPlanes(new byte[48], new float[12], 1, 4, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteBilinearResize(0, 4, 2, 2));
    }

    private static int Scalar(byte[] source, int sourceWidth, int sourceHeight, int width, int height, int x, int y, int channel)
    {
        (int left, int wx) = Tap(x, sourceWidth, width);
        (int top, int wy) = Tap(y, sourceHeight, height);
        if (left < 0 || left >= sourceWidth - 1)
        {
            (left, wx) = (Math.Clamp(left, 0, sourceWidth - 1), 0);
        }

        int Row(int row) => ((At(left, row) * (2048 - wx)) + (At(left + 1, row) * wx)) >> 4;
        return (((Row(top) * (2048 - wy)) >> 16) + ((Row(top + 1) * wy) >> 16) + 2) >> 2;

        int At(int column, int row) =>
            source[(((Math.Clamp(row, 0, sourceHeight - 1) * sourceWidth) + Math.Clamp(column, 0, sourceWidth - 1)) * 3) + channel];
    }

    private static (int First, int SecondWeight) Tap(int i, int sourceSize, int size)
    {
        float position = (float)(((i + 0.5) * (1 / ((double)size / sourceSize))) - 0.5);
        return ((int)MathF.Floor(position), (int)MathF.Round((position - MathF.Floor(position)) * 2048));
    }
}
