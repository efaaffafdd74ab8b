using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Rewrites;

public sealed class UNetProgramTests
{
    // The project's bounds for exact rewrites, in standard deviations of the plain network's output: sums in another order round differently, no more.
    private const double MaxRms = 1e-5;
    private const double MaxDifference = 2e-4;

    public static IEnumerable<object[]> CasesAndRewrites =>
        from folder in Goldens.Folders("unet", "tensors.safetensors")
        from rewrites in new[] { UNetRewrites.GuidanceSharing, UNetRewrites.ConvInSplit, UNetRewrites.TimeTable, UNetRewrites.ChunkConstants, UNetRewrites.All }
        select new object[] { folder[0], rewrites };

    public static IEnumerable<object[]> Cases => Goldens.Folders("unet", "tensors.safetensors");

    [SkippableTheory]
    [MemberData(nameof(CasesAndRewrites))]
    public void Build_Guided_GivesThePlainNetworksOutput(string name, UNetRewrites rewrites)
    {
        using PlainCase plain = new(name);
        using RunningProgram program = new(UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = true, Rewrites = rewrites }));
        bool shares = rewrites.HasFlag(UNetRewrites.GuidanceSharing);
        Tensor actual = program.Step(shares ? plain.Sample : plain.TwiceTheSample, plain.Timestep, shares ? plain.Audio : plain.SilenceAndAudio)["out_sample"];
        AssertClose(plain.Run(plain.TwiceTheSample, plain.SilenceAndAudio), actual);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Build_Unguided_GivesThePlainNetworksOutput(string name)
    {
        using PlainCase plain = new(name);
        using RunningProgram program = new(UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = false }));
        AssertClose(plain.Run(plain.Sample, plain.Audio), program.Step(plain.Sample, plain.Timestep, plain.Audio)["out_sample"]);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Build_WithCaching_ShallowStepFromOwnFeaturesGivesTheWholeStep(string name)
    {
        using PlainCase plain = new(name);
        UNetProgram networks = UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = true, CacheBranch = 0 });
        using RunningProgram program = new(networks);
        Dictionary<string, Tensor> whole = program.Step(plain.Sample, plain.Timestep, plain.Audio);
        AssertClose(plain.Run(plain.TwiceTheSample, plain.SilenceAndAudio), whole["out_sample"]);
        AssertClose(whole["out_sample"], program.ShallowStep(plain.Sample, plain.Timestep, plain.Audio, whole[UNetValues.DeepFeatures])["out_sample"]);
        Assert.True(networks.ShallowStep!.Nodes.Count < networks.Step.Nodes.Count / 2);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Build_All_LeavesNoTimestepSpeechOrConditioningInTheSteps(string name)
    {
        using PlainCase plain = new(name);
        UNetProgram program = UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = true });
        string[] inputs = [.. program.Step.Inputs.Select(input => input.Name)];
        Assert.Contains(UNetValues.NoisyLatents, inputs);
        Assert.Contains(UNetValues.TimeTable, inputs);
        Assert.DoesNotContain("timestep", inputs);
        Assert.DoesNotContain("encoder_hidden_states", inputs);
        Assert.DoesNotContain(UNetValues.Conditioning, inputs);
        Assert.DoesNotContain(program.Step.Nodes, node => node.Name.EndsWith(".attn2.to_k", StringComparison.Ordinal) || node.Name.EndsWith(".time_emb_proj", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Build_UnknownBranch_NamesTheBranches(string name)
    {
        using PlainCase plain = new(name);
        LatentSyncException exception = Assert.Throws<LatentSyncException>(() => UNetProgram.Build(plain.Graph, new UNetProgramOptions { CacheBranch = 99 }));
        Assert.Contains("branch 99", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        double mean = 0, squares = 0, differences = 0, largest = 0;
        foreach (float value in expected.Span)
        {
            mean += value;
        }

        mean /= expected.Length;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected.Span[i] - actual.Span[i]);
            squares += (expected.Span[i] - mean) * (expected.Span[i] - mean);
            differences += difference * difference;
            largest = Math.Max(largest, difference);
        }

        double deviation = Math.Sqrt(squares / expected.Length), rms = Math.Sqrt(differences / expected.Length);
        Assert.True(rms <= MaxRms * deviation, $"rms {rms / deviation} std");
        Assert.True(largest <= MaxDifference * deviation, $"max {largest / deviation} std");
    }

    // A reference checkpoint's network with its own inputs, and with both halves of guidance.
    private sealed class PlainCase : IDisposable
    {
        private readonly ICheckpoint _checkpoint;
        private readonly BuiltGraph _built;

        public PlainCase(string name)
        {
            string folder = Goldens.Case("unet", name);
            using GoldenFile golden = new(Path.Combine(folder, "tensors.safetensors"));
            _checkpoint = CheckpointReader.Open(Path.Combine(folder, "latentsync_unet.pt"));
            Graph = UNetGraphBuilder.Build(LatentSyncConfig.Load(Path.Combine(folder, "config.yaml")).Model, _checkpoint);
            _built = new BuiltGraph(Graph);
            (Sample, Audio, Timestep) = (golden.Read("sample"), golden.Read("encoder_hidden_states"), (float)golden.ReadDoubles("timestep")[0]);
        }

        public OnnxGraph Graph { get; }

        public Tensor Sample { get; }

        public Tensor Audio { get; }

        public float Timestep { get; }

        public Tensor TwiceTheSample => Both(Sample, Sample);

        public Tensor SilenceAndAudio => Both(Tensor.Zeros(Audio.Shape), Audio);

        public Tensor Run(Tensor sample, Tensor audio) => _built.Run(
            new NamedTensor("sample", sample),
            new NamedTensor("timestep", new Tensor(new[] { Timestep }, 1)),
            new NamedTensor("encoder_hidden_states", audio))["out_sample"];

        public void Dispose()
        {
            _built.Dispose();
            _checkpoint.Dispose();
        }

        private static Tensor Both(Tensor first, Tensor second) =>
            new(new[] { first.Data.ToArray(), second.Data.ToArray() }.SelectMany(values => values).ToArray(), [first.Shape[0] + second.Shape[0], .. first.Shape[1..]]);
    }
}
