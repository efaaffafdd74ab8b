using LatentSync.Denoising;
using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Tests.Denoising;

public class DdimSchedulerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(1001)]
    public void Constructor_StepsOutOfRange_SaysTheRange(int steps)
    {
        LatentSyncException exception = Assert.Throws<LatentSyncException>(() => new DdimScheduler(SchedulerConfig.Official, steps));
        Assert.Contains("1 to 1000", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TimestepSpacing.Leading, 4, new float[] { 751, 501, 251, 1 })]
    [InlineData(TimestepSpacing.Linspace, 4, new float[] { 999, 666, 333, 0 })]
    [InlineData(TimestepSpacing.Trailing, 4, new float[] { 999, 749, 499, 249 })]
    public void Timesteps_EachSpacing_FollowsDiffusers(TimestepSpacing spacing, int steps, float[] expected)
    {
        DdimScheduler scheduler = new(SchedulerConfig.Official with { TimestepSpacing = spacing }, steps);
        Assert.Equal(expected, scheduler.Timesteps);
    }

    [Fact]
    public void Step_ClipSample_BoundsTheCleanSample()
    {
        SchedulerConfig config = SchedulerConfig.Official with { ClipSample = true, ClipSampleRange = 1, PredictionType = PredictionType.Sample, SetAlphaToOne = true };
        DdimScheduler scheduler = new(config, 1);
        float[] sample = [0.5f, 0.5f];
        scheduler.Step(0, [7f, -7f], sample);

        // One step with a final alpha of one leaves nothing but the clean sample.
        Assert.Equal([1f, -1f], sample);
    }

    [Fact]
    public void Create_UnknownName_NamesTheKnownOnes()
    {
        LatentSyncException exception = Assert.Throws<LatentSyncException>(() => SchedulerFactory.Create("ddpm", SchedulerConfig.Official, 20));
        Assert.Equal(LatentSyncError.Usage, exception.Error);
        Assert.Contains("ddim", exception.Message, StringComparison.Ordinal);
    }
}
