using LatentSync.Pipeline;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Tests.Pipeline;

public sealed class WeightBudgetTests
{
    [Fact]
    public void Takes_Limit_RequiresStreamingOfTheUNetAlone()
    {
        WeightBudget limited = new(1 << 20), whole = new(null);
        Assert.False(limited.Takes("unet", EngineFlags.Refittable));
        Assert.True(limited.Takes("unet", EngineFlags.WeightStreaming | EngineFlags.Refittable));
        Assert.True(limited.Takes("vae_encoder", EngineFlags.None) && limited.Takes("vae_decoder", EngineFlags.None));
        Assert.True(whole.Takes("unet", EngineFlags.None) && whole.Takes("unet", EngineFlags.WeightStreaming));
    }

    [Theory]
    [InlineData(null, EngineFlags.None)]
    [InlineData(0L, EngineFlags.WeightStreaming)]
    public void Order_WithAndWithoutALimit_PutsTheFittingKindFirst(long? limit, EngineFlags first)
    {
        WeightBudget weights = new(limit);
        EngineFlags[] engines = [EngineFlags.WeightStreaming, EngineFlags.None];
        Assert.Equal(first, engines.OrderBy(weights.Order).First());
    }

    [Fact]
    public void For_EngineThatCannotStream_IsLoadedWhole()
    {
        Assert.Null(new WeightBudget(5).For(EngineFlags.Refittable));
        Assert.Equal(5, new WeightBudget(5).For(EngineFlags.WeightStreaming));
        Assert.Null(new WeightBudget(null).For(EngineFlags.WeightStreaming));
    }
}
