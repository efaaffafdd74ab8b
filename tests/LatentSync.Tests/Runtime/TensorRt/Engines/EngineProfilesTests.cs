using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

public sealed class EngineProfilesTests
{
    private static readonly TensorContract[] Unet =
        [new("pictures", "float", [-1, 13, -1, -1, -1]), new("when", "float", [1]), new("sound", "float", [-1, -1, 384])];

    [Fact]
    public void Denoiser_SeveralChunks_FixesWholeChunksAndLetsTheLastBeShort()
    {
        IReadOnlyList<EngineProfile> profiles = EngineProfiles.Denoiser(Unet, new ExtentRange(1, 2, 4), frames: 16, side: 32, audioTokens: 50);
        Assert.Equal(
            [
                "pictures:1x13x16x32x32..4x13x16x32x32..8x13x16x32x32, sound:16x50x384..64x50x384..128x50x384",
                "pictures:1x13x1x32x32..2x13x8x32x32..2x13x16x32x32, sound:1x50x384..16x50x384..32x50x384",
            ],
            profiles.Select(profile => profile.ToString()));
    }

    [Fact]
    public void Denoiser_OneFrameAChunk_NeedsNoProfileForShortOnes() =>
        Assert.Single(EngineProfiles.Denoiser(Unet, ExtentRange.Exactly(1), frames: 1, side: 32, audioTokens: 50));

    [Fact]
    public void Denoiser_InputOfUnknownMeaning_IsNamed()
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(
            () => EngineProfiles.Denoiser([.. Unet, new TensorContract("mystery", "float", [-1, 2])], ExtentRange.Exactly(1), 16, 32, 50));
        Assert.Contains("'mystery' [-1,2]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(1, 3, 2)]
    public void Denoiser_ChunksOutOfOrder_AreRefused(int min, int opt, int max) =>
        Assert.Equal(LatentSyncError.Usage, Assert.Throws<LatentSyncException>(() => EngineProfiles.Denoiser(Unet, new ExtentRange(min, opt, max), 16, 32, 50)).Error);

    [Fact]
    public void Pictures_FixedExtents_StayAsTheyAre() => Assert.Equal(
        "x:1x3x256x512..2x3x256x512..2x3x256x512",
        Assert.Single(EngineProfiles.Pictures([new("x", "float", [-1, 3, 256, -1])], new ExtentRange(1, 2, 2), 512)).ToString());
}
