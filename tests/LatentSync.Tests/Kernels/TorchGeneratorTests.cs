using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

public class TorchGeneratorTests
{
    [Fact]
    public void FillNormal_SecondCall_ContinuesTheSequence()
    {
        // Multiples of sixteen are drawn block by block, so two calls give what one gives.
        TorchGenerator once = new(11), twice = new(11);
        float[] whole = new float[64], parts = new float[64];
        once.FillNormal(whole);
        twice.FillNormal(parts.AsSpan(0, 16));
        twice.FillNormal(parts.AsSpan(16));

        // Uniforms of one call are drawn before any is turned into a normal, the same sixteen to a block.
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void FillNormal_SeedsWithTheSameLowerBits_GiveTheSameNumbers()
    {
        float[] narrow = new float[16], wide = new float[16];
        new TorchGenerator(5).FillNormal(narrow);
        new TorchGenerator((1L << 32) + 5).FillNormal(wide);
        Assert.Equal(narrow, wide);
    }

    [Fact]
    public void FillNormal_FewerThanSixteen_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new TorchGenerator(1).FillNormal(new float[15]));

    [Fact]
    public void MersenneTwister_DefaultSeed_GivesThePublishedSequence()
    {
        // The 10000th output for seed 5489 is fixed by the C++ standard ([rand.predef]).
        MersenneTwister generator = new(5489);
        uint value = 0;
        for (int i = 0; i < 10000; i++)
        {
            value = generator.NextUInt32();
        }

        Assert.Equal(4123659995u, value);
    }
}
