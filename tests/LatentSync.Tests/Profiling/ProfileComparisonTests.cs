using LatentSync.Profiling.Comparison;
using LatentSync.Profiling.Profiles;
using LatentSync.Runtime;

namespace LatentSync.Tests.Profiling;

/// <summary>Comparisons of made-up runs: each run has a pace of its own, each layer some noise of its own.</summary>
public sealed class ProfileComparisonTests
{
    private const int Layers = 120, Runs = 7;

    // Of a run as a whole, and of a layer in it: standard deviations, as shares.
    private const double PaceNoise = 0.03, LayerNoise = 0.01;

    [Fact]
    public void Of_IndependentRunsOfOneBuild_FlagsNothing()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            ProfileComparison comparison = ProfileComparison.Of(Make(2 * seed), Make((2 * seed) + 1));
            Assert.All(comparison.Layers, layer => Assert.Equal(Verdict.Same, layer.Verdict));
            Assert.Equal(Layers, comparison.Layers.Count);
        }
    }

    [Fact]
    public void Of_ALayerTenPercentSlower_FlagsItAlone()
    {
        int found = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            ProfileComparison comparison = ProfileComparison.Of(Make(100 + (2 * seed)), Make(101 + (2 * seed), slowLayer: 17));
            ComparedTime[] flagged = [.. comparison.Layers.Where(layer => layer.Verdict != Verdict.Same)];
            found += flagged is [{ Name: "unet: layer.17", Verdict: Verdict.Slower }] ? 1 : 0;
            Assert.InRange(flagged.Length, 0, 1);
        }

        Assert.InRange(found, 19, 20);
    }

    [Fact]
    public void Of_AnotherMachinesPace_IsTakenOutOfTheLayers()
    {
        ProfileComparison comparison = ProfileComparison.Of(Make(1), Make(2, pace: 1.5));
        Assert.InRange(comparison.LayerDrift, 1.4, 1.6);
        Assert.All(comparison.Layers, layer => Assert.Equal(Verdict.Same, layer.Verdict));
        Assert.Equal(Verdict.Slower, comparison.Wall.Verdict);
    }

    [Fact]
    public void Of_Twice_GivesTheSameNumbers() =>
        Assert.Equal(ProfileComparison.Of(Make(1), Make(2)).Layers, ProfileComparison.Of(Make(1), Make(2)).Layers);

    [Fact]
    public void Of_AnotherJob_IsRefused()
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => ProfileComparison.Of(Make(1), Make(2) with { Job = "other" }));
        Assert.Equal(LatentSyncError.Usage, error.Error);
    }

    [Fact]
    public void Of_NoRuns_IsRefused() => Assert.Throws<LatentSyncException>(() => ProfileComparison.Of(Make(1) with { Runs = [] }, Make(2)));

    private static JobProfile Make(int seed, int slowLayer = -1, double pace = 1)
    {
        Random random = new(seed);
        double[] paces = [.. Enumerable.Range(0, Runs).Select(_ => pace * (1 + (PaceNoise * Normal(random))))];
        LayerTimes[] layers =
        [
            .. Enumerable.Range(0, Layers).Select(i => new LayerTimes(
                "unet", $"layer.{i}", "Conv", 1, [.. paces.Select(p => 0.1 * p * (i == slowLayer ? 1.1 : 1) * (1 + (LayerNoise * Normal(random))))])),
        ];
        ProfiledRun[] runs = [.. paces.Select(p => new ProfiledRun(12 * p, 24 * p, 1, 1, new Dictionary<string, double> { ["Denoising"] = 10 * p }))];
        return new JobProfile(JobProfile.CurrentFormat, "job", "backend", 2, runs, [], layers, 1);
    }

    // Box and Muller.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
