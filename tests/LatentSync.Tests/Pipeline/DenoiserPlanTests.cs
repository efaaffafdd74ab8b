using LatentSync.Models.Packs;
using LatentSync.Pipeline;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

public class DenoiserPlanTests
{
    // The demo pack's activations are small: memory decides nothing here.
    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 0, 2, 1)]
    [InlineData(3, 0, 2, 1)]
    [InlineData(8, 0, 2, 4)]
    [InlineData(8, 1, 1, 8)]
    [InlineData(2, 3, 3, 1)]
    public void For_ThreadsOfTheCpu_SharesThemOut(int threads, int chunks, int denoisers, int each) => Assert.Equal(
        new DenoiserPlan(denoisers, each),
        DenoiserPlan.For(new LipSyncEngineOptions { Threads = threads, ChunksAtOnce = chunks }, ModelPack.Open(ImportedDemoPack.Path)));

    [Fact]
    public void For_FacesTooLargeForTwoInMemory_TakesOneChunkAtATime() => Assert.Equal(
        new DenoiserPlan(1, 2),
        DenoiserPlan.For(new LipSyncEngineOptions { Threads = 2, Resolution = 2048 }, ModelPack.Open(ImportedDemoPack.Path)));

    [Fact]
    public void For_AnotherProvider_TakesOneChunkAtATime() => Assert.Equal(
        new DenoiserPlan(1, 8),
        DenoiserPlan.For(new LipSyncEngineOptions { Threads = 8, OnnxProvider = OnnxExecutionProvider.Cuda }, ModelPack.Open(ImportedDemoPack.Path)));
}
