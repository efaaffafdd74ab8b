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

    // A network's load takes longer than its run, so each case is loaded once; every rewrite on its own is tried on one case, all together on every one.
    public static IEnumerable<object[]> Cases => Goldens.Folders("unet", "tensors.safetensors");

    public static TheoryData<UNetRewrites> SingleRewrites => [UNetRewrites.GuidanceSharing, UNetRewrites.ConvInSplit, UNetRewrites.TimeTable, UNetRewrites.ChunkConstants, UNetRewrites.PhaseUpsampling];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Build_AllRewrites_GivesThePlainNetworksOutput(string name)
    {
        using PlainCase plain = new(name);
        UNetProgram networks = UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = true, CacheBranch = 0, DoublesExactly = plain.DoublesExactly });
        AssertOnlyLatentsChange(networks.Step);
        using (RunningProgram guided = new(networks))
        {
            Dictionary<string, Tensor> whole = guided.Step(plain.Sample, plain.Timestep, plain.Audio);
            AssertClose(plain.Run(plain.TwiceTheSample, plain.SilenceAndAudio), whole["out_sample"]);
            Tensor shallow = guided.ShallowStep(plain.Sample, plain.Timestep, plain.Audio, whole[UNetValues.DeepFeatures])["out_sample"];
            AssertClose(whole["out_sample"], shallow);
            Assert.True(networks.ShallowStep!.Nodes.Count < networks.Step.Nodes.Count / 2);
        }

        using RunningProgram unguided = new(UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = false, DoublesExactly = plain.DoublesExactly }));
        AssertClose(plain.Run(plain.Sample, plain.Audio), unguided.Step(plain.Sample, plain.Timestep, plain.Audio)["out_sample"]);
    }

    [SkippableTheory]
    [MemberData(nameof(SingleRewrites))]
    public void Build_OneRewrite_GivesThePlainNetworksOutput(UNetRewrites rewrite)
    {
        using PlainCase plain = new(FirstCase());
        using RunningProgram program = new(UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = true, Rewrites = rewrite, DoublesExactly = plain.DoublesExactly }));
        bool shares = rewrite == UNetRewrites.GuidanceSharing;
        Tensor actual = program.Step(shares ? plain.Sample : plain.TwiceTheSample, plain.Timestep, shares ? plain.Audio : plain.SilenceAndAudio)["out_sample"];
        AssertClose(plain.Run(plain.TwiceTheSample, plain.SilenceAndAudio), actual);
    }

    [SkippableFact]
    public void Build_NoRewrites_LeavesTheNetworkAsItIs()
    {
        using PlainCase plain = new(FirstCase());
        UNetProgram program = UNetProgram.Build(plain.Graph, new UNetProgramOptions { Guided = true, Rewrites = UNetRewrites.None });
        Assert.Null(program.Schedule);
        Assert.Null(program.Chunk);
        Assert.Equal(plain.Graph.Nodes, program.Step.Nodes);
    }

    [SkippableFact]
    public void Build_UnknownBranch_NamesTheBranches()
    {
        using PlainCase plain = new(FirstCase());
        LatentSyncException exception = Assert.Throws<LatentSyncException>(() => UNetProgram.Build(plain.Graph, new UNetProgramOptions { CacheBranch = 99 }));
        Assert.Contains("branch 99", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ForeignGraph_SaysWhatItLacks()
    {
        OnnxGraph foreign = new()
        {
            Name = "foreign",
            Opset = 21,
            Inputs = [new OnnxValueInfo("sample", OnnxElementType.Float, [1, 13, 1, 8, 8])],
            Outputs = [new OnnxValueInfo("out_sample", OnnxElementType.Float, [1, 13, 1, 8, 8])],
            Nodes = [new OnnxNode("Identity", "identity", ["sample"], ["out_sample"], [])],
            Initializers = [],
        };
        Assert.Contains("conv_in", Assert.Throws<LatentSyncException>(() => new ConvInSplit().Apply(foreign)).Message, StringComparison.Ordinal);
        Assert.Contains("cross-attention", Assert.Throws<LatentSyncException>(() => new GuidanceSharing().Apply(foreign)).Message, StringComparison.Ordinal);
    }

    private static string FirstCase() => (string)Cases.First()[0];

    private static void AssertOnlyLatentsChange(OnnxGraph step)
    {
        string[] inputs = [.. step.Inputs.Select(input => input.Name)];
        Assert.Contains(UNetValues.NoisyLatents, inputs);
        Assert.Contains(UNetValues.TimeTable, inputs);
        Assert.DoesNotContain("timestep", inputs);
        Assert.DoesNotContain("encoder_hidden_states", inputs);
        Assert.DoesNotContain(UNetValues.Conditioning, inputs);
        Assert.DoesNotContain(step.Nodes, node => node.Name.EndsWith(".attn2.to_k", StringComparison.Ordinal) || node.Name.EndsWith(".time_emb_proj", StringComparison.Ordinal));
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
            UNetConfig config = LatentSyncConfig.Load(Path.Combine(folder, "config.yaml")).Model;
            Graph = UNetGraphBuilder.Build(config, _checkpoint);
            _built = new BuiltGraph(Graph);
            (Sample, Audio, Timestep) = (golden.Read("sample"), golden.Read("encoder_hidden_states"), (float)golden.ReadDoubles("timestep")[0]);
            int rest = (1 << (config.BlockOutChannels.Count - 1)) - 1;
            DoublesExactly = ((Sample.Shape[3] | Sample.Shape[4]) & rest) == 0;
        }

        public OnnxGraph Graph { get; }

        public bool DoublesExactly { get; }

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
