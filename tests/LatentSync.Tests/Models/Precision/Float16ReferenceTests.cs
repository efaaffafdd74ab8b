using System.Globalization;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Models.Precision.Emulation;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;
using LatentSync.Tests.Support;
using Xunit.Abstractions;

namespace LatentSync.Tests.Models.Precision;

/// <summary>Half-precision networks against the original's float32 results, both as ONNX Runtime takes them and with every half-precision result rounded.</summary>
public sealed class Float16ReferenceTests(ITestOutputHelper log)
{
    // Half precision rounds to 11 bits, so a value is off by 1.4e-4 of itself (root mean square) and each rounding of a whole tensor adds about 1e-8
    // to 1 - cosine; some hundreds in a row leave a few 1e-6. Measured at worst: 3.9e-6 emulated and 1.5e-6 in the runtime (UNet), 1.9e-6 (VAE), 8e-8 (Whisper).
    private const double LeastCosine = 0.99999;

    public static IEnumerable<object[]> UNets => Goldens.Folders("unet", "tensors.safetensors");

    public static IEnumerable<object[]> Vaes => Goldens.Folders("vae", "tensors.safetensors");

    [SkippableTheory]
    [MemberData(nameof(UNets))]
    public void Apply_UNet_ReproducesTheReference(string name)
    {
        string folder = Goldens.Case("unet", name);
        using GoldenFile golden = new(Path.Combine(folder, "tensors.safetensors"));
        using ICheckpoint checkpoint = CheckpointReader.Open(Path.Combine(folder, "latentsync_unet.pt"));
        OnnxGraph graph = Half(UNetGraphBuilder.Build(LatentSyncConfig.Load(Path.Combine(folder, "config.yaml")).Model, checkpoint));
        using PlainSession emulated = new(RoundingEmulation.Apply(graph));
        Tensor audio = golden.Read("encoder_hidden_states");
        bool first = true;
        foreach (string key in golden.Tensors.Keys.Where(key => key.StartsWith("out", StringComparison.Ordinal)))
        {
            float timestep = float.Parse(key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
            NamedTensor[] inputs =
            [
                new("sample", golden.Read("sample")),
                new("timestep", new Tensor(new[] { timestep }, 1)),
                new("encoder_hidden_states", key.StartsWith("out_zero_audio.", StringComparison.Ordinal) ? Tensor.Zeros(audio.Shape) : audio),
            ];
            AssertClose(golden.Read(key), emulated.Run(inputs)["out_sample"], $"{name}: {key}, emulated");
            if (first)
            {
                using BuiltGraph runtime = new(graph);
                AssertClose(golden.Read(key), runtime.Run(inputs)["out_sample"], $"{name}: {key}, runtime");
            }

            first = false;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Vaes))]
    public void Apply_Vae_ReproducesTheReference(string name)
    {
        string folder = Goldens.Case("vae", name);
        VaeConfig config = VaeConfigFile.Load(Path.Combine(folder, "config.json"));
        using ICheckpoint checkpoint = CheckpointReader.Open(folder);
        using GoldenFile golden = new(Path.Combine(folder, "tensors.safetensors"));
        OnnxGraph encoder = Half(VaeGraphBuilder.BuildEncoder(config, checkpoint)), decoder = Half(VaeGraphBuilder.BuildDecoder(config, checkpoint));
        Compare(encoder, new NamedTensor("sample", golden.Read("pixels")), "latent_mean", golden.Read("mean"), $"{name}: mean");
        Compare(decoder, new NamedTensor("latent_sample", golden.Read("latents")), "sample", golden.Read("decoded"), $"{name}: decoded");
    }

    [Theory]
    [InlineData("vae_encoder", "sample", new long[] { 1, 3, 64, 96 }, "latent_parameters")]
    [InlineData("vae_decoder", "latent_sample", new long[] { 2, 4, 8, 12 }, "sample")]
    [InlineData("whisper", "mel", new long[] { 1, 80, 3000 }, "hidden_states")]
    public void Apply_DemoNetwork_StaysCloseToItsFloat32Graph(string name, string input, long[] shape, string output)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint(name);
        OnnxGraph graph = DemoGraphs.Build(name, checkpoint);
        using BuiltGraph full = new(graph);
        Tensor values = Tensor.Zeros(shape);
        Random random = new(7);
        foreach (ref float value in values.Span)
        {
            value = (2 * random.NextSingle()) - 1;
        }

        NamedTensor named = new(input, values);
        Compare(Half(graph), named, output, full.Run(named)[output], name);
    }

    private void Compare(OnnxGraph half, NamedTensor input, string output, Tensor expected, string what)
    {
        using (BuiltGraph runtime = new(half))
        {
            AssertClose(expected, runtime.Run(input)[output], what + ", runtime");
        }

        using PlainSession emulated = new(RoundingEmulation.Apply(half));
        AssertClose(expected, emulated.Run(input)[output], what + ", emulated");
    }

    private static OnnxGraph Half(OnnxGraph graph) => Float16Pass.Apply(graph, Float16Recipe.Default).Graph;

    private void AssertClose(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        double dot = 0, expectedSquares = 0, actualSquares = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double a = expected.Span[i], b = actual.Span[i];
            dot += a * b;
            expectedSquares += a * a;
            actualSquares += b * b;
        }

        double cosine = dot / Math.Sqrt(expectedSquares * actualSquares);
        log.WriteLine(FormattableString.Invariant($"{what}: cosine {cosine:F8}"));
        Assert.True(cosine >= LeastCosine, FormattableString.Invariant($"{what}: cosine {cosine:F8}, at least {LeastCosine}"));
    }
}
