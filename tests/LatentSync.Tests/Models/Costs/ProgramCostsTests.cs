using System.Text.Json;
using LatentSync.Models.Configuration;
using LatentSync.Models.Costs;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Tests.Models.Graphs;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Costs;

/// <summary>The multiply-adds of the released UNet, 16 frames of 256 px with guidance, 20 steps: the figures in the README of LatentSync.Models.</summary>
public sealed class ProgramCostsTests
{
    private const int Steps = 20;

    private static readonly Lazy<OnnxGraph> s_graph = new(BuildFullSize);

    [Theory]
    [InlineData(UNetRewrites.GuidanceSharing)]
    [InlineData(UNetRewrites.TimeTable)]
    [InlineData(UNetRewrites.ChunkConstants)]
    [InlineData(UNetRewrites.ConvInSplit | UNetRewrites.ChunkConstants)]
    [InlineData(UNetRewrites.PhaseUpsampling)]
    [InlineData(UNetRewrites.All)]
    public void Count_Rewrites_NeedFewerThanThePlainGraph(UNetRewrites rewrites) =>
        Assert.True(Count(rewrites).ForChunk(Steps) < Count(UNetRewrites.None).ForChunk(Steps));

    // The same sums in two convolutions cost what they did in one.
    [Fact]
    public void Count_ConvInSplitAlone_IsThePlainGraphs() => Assert.Equal(Count(UNetRewrites.None).Step, Count(UNetRewrites.ConvInSplit).Step);

    [Fact]
    public void Count_StepCaching_HalvesThePlainGraphsAtLeast()
    {
        long plain = Count(UNetRewrites.None).ForChunk(Steps), cached = Count(UNetRewrites.All, cacheBranch: 0).ForChunk(Steps, cacheInterval: 3);
        Assert.True(cached * 2 <= plain, $"{cached} of {plain}");
    }

    private static ProgramCosts Count(UNetRewrites rewrites, int? cacheBranch = null)
    {
        UNetProgram program = UNetProgram.Build(s_graph.Value, new UNetProgramOptions { Guided = true, Rewrites = rewrites, CacheBranch = cacheBranch, DoublesExactly = true });
        return ProgramCosts.Count(program, Extents(program.SharesGuidance ? 1 : 2));
    }

    private static Dictionary<string, long> Extents(int batch) => new()
    {
        ["batch"] = batch,
        ["frames"] = 16,
        ["height"] = 32,
        ["width"] = 32,
        ["batch_frames"] = batch * 16,
        ["audio_tokens"] = 50,
    };

    private static OnnxGraph BuildFullSize()
    {
        string folder = Path.Combine(Goldens.RepositoryRoot, "tests", "data", "full-size");
        UNetConfig config = LatentSyncConfig.Load(Path.Combine(folder, "unet.yaml")).Model;
        Dictionary<string, long[]> shapes = JsonSerializer.Deserialize<Dictionary<string, long[]>>(File.ReadAllBytes(Path.Combine(folder, "unet.keys.json")))!;

        // Names and shapes only: nothing reads the weights.
        return UNetGraphBuilder.Build(config, new EditedCheckpoint(shapes));
    }
}
