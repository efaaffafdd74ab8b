using System.Globalization;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Graphs;

public sealed class UNetGraphBuilderTests
{
    // The project's bound for float32: 2e-4 of the reference's standard deviation, blocks included.
    private const double Tolerance = 2e-4;

    public static IEnumerable<object[]> Cases => Goldens.Folders("unet", "tensors.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Build_ReferenceCheckpoint_ReproducesEveryReferenceTensor(string name)
    {
        string folder = Goldens.Case("unet", name);
        using GoldenFile golden = new(Path.Combine(folder, "tensors.safetensors"));
        using ICheckpoint checkpoint = CheckpointReader.Open(Path.Combine(folder, "latentsync_unet.pt"));
        UNetConfig config = LatentSyncConfig.Load(Path.Combine(folder, "config.yaml")).Model;
        string[] blocks = [.. golden.Tensors.Keys.Where(key => key.StartsWith("block.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        UNetGraphOptions options = new() { ExtraOutputs = [.. blocks.Select(block => block["block.".Length..])] };
        using BuiltGraph built = new(UNetGraphBuilder.Build(config, checkpoint, options));

        Tensor sample = golden.Read("sample"), audio = golden.Read("encoder_hidden_states");
        double[] timesteps = golden.ReadDoubles("timestep");
        int compared = 0;
        foreach (string key in golden.Tensors.Keys.Where(key => key.StartsWith("out", StringComparison.Ordinal)))
        {
            float timestep = float.Parse(key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
            Tensor condition = key.StartsWith("out_zero_audio.", StringComparison.Ordinal) ? Tensor.Zeros(audio.Shape) : audio;
            Dictionary<string, Tensor> actual = Run(built, sample, timestep, condition);
            Tolerances.AssertWithinStandardDeviations(golden.Read(key), actual["out_sample"], Tolerance, $"{name}: {key}");
            if (timestep == timesteps[0] && condition == audio)
            {
                // The references of blocks are for the first timestep.
                Assert.All(blocks, block => Tolerances.AssertWithinStandardDeviations(golden.Read(block), actual[block], Tolerance, $"{name}: {block}"));
                compared += blocks.Length;
            }
        }

        Assert.Equal(blocks.Length, compared);
    }

    private static Dictionary<string, Tensor> Run(BuiltGraph built, Tensor sample, float timestep, Tensor audio) => built.Run(
        new NamedTensor("sample", sample),
        new NamedTensor("timestep", new Tensor(new[] { timestep }, 1)),
        new NamedTensor("encoder_hidden_states", audio));
}
