using LatentSync.Denoising;
using LatentSync.Kernels;

namespace LatentSync.Tests.Denoising;

public class FrameNoiseTests
{
    private const int Channels = 2, PlaneSize = 16;

    [Fact]
    public void Fill_FirstStep_GoesOnWhereTheInitialNoiseEnds()
    {
        TorchGenerator generator = new(9);
        float[] initial = new float[Channels * PlaneSize], next = new float[Channels * PlaneSize], actual = new float[Channels * PlaneSize];
        generator.FillNormal(initial);
        generator.FillNormal(next);

        new FrameNoise(9, Channels, PlaneSize).Fill(0, actual);

        Assert.Equal(next, actual);
        Assert.NotEqual(initial, actual);
    }

    [Fact]
    public void Fill_SeveralFrames_AllHaveTheSameNoise()
    {
        FrameNoise noise = new(9, Channels, PlaneSize);
        float[] one = new float[Channels * PlaneSize], three = new float[Channels * 3 * PlaneSize];
        noise.Fill(1, one);
        noise.Fill(1, three);
        for (int c = 0; c < Channels; c++)
        {
            for (int f = 0; f < 3; f++)
            {
                Assert.Equal(one[(c * PlaneSize)..((c + 1) * PlaneSize)], three[(((c * 3) + f) * PlaneSize)..(((c * 3) + f + 1) * PlaneSize)]);
            }
        }
    }

    [Fact]
    public void Fill_LaterStepFirst_DoesNotChangeTheEarlier()
    {
        float[] inOrder = new float[Channels * PlaneSize], after = new float[Channels * PlaneSize];
        new FrameNoise(4, Channels, PlaneSize).Fill(0, inOrder);
        FrameNoise noise = new(4, Channels, PlaneSize);
        noise.Fill(2, after);
        noise.Fill(0, after);
        Assert.Equal(inOrder, after);
    }

    [Fact]
    public void Fill_BrokenFrame_Throws() =>
        Assert.Throws<ArgumentException>(() => new FrameNoise(4, Channels, PlaneSize).Fill(0, new float[(Channels * PlaneSize) + 1]));

    [Fact]
    public void Constructor_TooFewNumbersForTorch_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new FrameNoise(4, 1, 9));
}
