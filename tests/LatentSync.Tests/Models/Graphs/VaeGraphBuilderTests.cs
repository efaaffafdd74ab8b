using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Graphs;

public sealed class VaeGraphBuilderTests
{
    // The project's bound for float32: 2e-4 of the reference's standard deviation.
    private const double Tolerance = 2e-4;

    public static IEnumerable<object[]> Cases => Goldens.Folders("vae", "tensors.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void BuildEncoder_ReferenceCheckpoint_ReproducesThePosterior(string name)
    {
        (VaeConfig config, ICheckpoint checkpoint, GoldenFile golden) = Open(name);
        using ICheckpoint weights = checkpoint;
        using GoldenFile reference = golden;
        using BuiltGraph built = new(VaeGraphBuilder.BuildEncoder(config, weights));
        NamedTensor pixels = new("sample", golden.Read("pixels"));

        Dictionary<string, Tensor> outputs = built.Run(pixels);
        Tensor parameters = outputs["latent_parameters"];
        Assert.Equal(2 * config.LatentChannels, parameters.Shape[1]);
        Tolerances.AssertWithinStandardDeviations(golden.Read("mean"), outputs["latent_mean"], Tolerance, $"{name}: mean");
        Tolerances.AssertWithinStandardDeviations(golden.Read("mean"), Half(parameters, 0), Tolerance, $"{name}: mean half");
        Tolerances.AssertWithinStandardDeviations(golden.Read("logvar_clamped"), Half(parameters, 1), Tolerance, $"{name}: log-variance half");
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void BuildDecoder_ReferenceCheckpoint_ReproducesThePictures(string name)
    {
        (VaeConfig config, ICheckpoint checkpoint, GoldenFile golden) = Open(name);
        using ICheckpoint weights = checkpoint;
        using GoldenFile reference = golden;
        using BuiltGraph built = new(VaeGraphBuilder.BuildDecoder(config, weights));

        Tensor decoded = built.Run(new NamedTensor("latent_sample", golden.Read("latents")))["sample"];

        Tolerances.AssertWithinStandardDeviations(golden.Read("decoded"), decoded, Tolerance, $"{name}: decoded");

        // The decoder that jobs run: doublings as convolutions of the small picture.
        OnnxGraph rewritten = new PhaseUpsampling().Apply(VaeGraphBuilder.BuildDecoder(config, weights));
        Assert.DoesNotContain(rewritten.Nodes, node => node.OperatorType == "Resize");
        using BuiltGraph phases = new(rewritten);
        decoded = phases.Run(new NamedTensor("latent_sample", golden.Read("latents")))["sample"];
        Tolerances.AssertWithinStandardDeviations(golden.Read("decoded"), decoded, Tolerance, $"{name}: decoded by phases");
    }

    private static (VaeConfig Config, ICheckpoint Checkpoint, GoldenFile Golden) Open(string name)
    {
        string folder = Goldens.Case("vae", name);
        return (VaeConfigFile.Load(Path.Combine(folder, "config.json")), CheckpointReader.Open(folder), new GoldenFile(Path.Combine(folder, "tensors.safetensors")));
    }

    private static Tensor Half(Tensor parameters, int half)
    {
        long batch = parameters.Shape[0], channels = parameters.Shape[1] / 2, height = parameters.Shape[2], width = parameters.Shape[3];
        int size = (int)(channels * height * width);
        Tensor result = Tensor.Zeros(batch, channels, height, width);
        for (int i = 0; i < batch; i++)
        {
            parameters.Span.Slice(((2 * i) + half) * size, size).CopyTo(result.Span.Slice(i * size, size));
        }

        return result;
    }
}
