using LatentSync.Models.Configuration;
using LatentSync.Models.Costs;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Benchmarks;

/// <summary>The released UNet's architecture with formula weights, and one guided step's inputs: 16 frames of 256 px, both halves of guidance in the batch.</summary>
internal sealed class FullSizeUNet : IDisposable
{
    private const int Frames = 16, LatentSide = 32, AudioTokens = 50;

    private static readonly string Data = Path.Combine(BenchmarkPaths.RepositoryRoot, "tests", "data", "full-size");

    private readonly FormulaCheckpoint _checkpoint = new(Path.Combine(Data, "unet.keys.json"));

    public FullSizeUNet()
    {
        Config = LatentSyncConfig.Load(Path.Combine(Data, "unet.yaml")).Model;
        Graph = UNetGraphBuilder.Build(Config, _checkpoint);
    }

    public UNetConfig Config { get; }

    /// <summary>The plain graph, as an import writes it.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Extents of the symbols in the graph's inputs, and in those of graphs made from it.</summary>
    public static IReadOnlyDictionary<string, long> Extents(int batch) => new Dictionary<string, long>
    {
        ["batch"] = batch,
        ["frames"] = Frames,
        ["height"] = LatentSide,
        ["width"] = LatentSide,
        ["batch_frames"] = batch * Frames,
        ["audio_tokens"] = AudioTokens,
    };

    /// <summary>Shapes of the plain network's inputs for both halves of guidance.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> PlainShapes(OnnxGraph plain) => GraphShapes.Inputs(plain, Extents(batch: 2));

    /// <summary>
    /// The plain network's inputs for both halves of guidance: a timestep in the middle of the schedule, the same uniform noise in -1..1 as the sample of both
    /// halves in every run, silence and noise as the speech.
    /// </summary>
    public static IReadOnlyList<NamedTensor> PlainInputs(OnnxGraph plain) => [.. PlainShapes(plain).Select(input => new NamedTensor(input.Key, Make(input.Key, [.. input.Value])))];

    /// <summary>The same values as a rewritten network's inputs.</summary>
    public static Dictionary<string, Tensor> Values(IReadOnlyList<NamedTensor> plainInputs, UNetProgram program)
    {
        Dictionary<string, Tensor> values = plainInputs.ToDictionary(input => input.Name, input => program.SharesGuidance ? SpokenHalf(input.Value) : input.Value, StringComparer.Ordinal);
        Tensor sample = values[UNetValues.Sample];
        int items = (int)sample.Shape[0], channels = (int)sample.Shape[1], noisy = (int)program.Step.Outputs[0].Shape[1].Value;
        values.Add(UNetValues.NoisyLatents, Channels(sample, items, 0, noisy));
        values.Add(UNetValues.Conditioning, Channels(sample, items, noisy, channels - noisy));
        return values;
    }

    public void Dispose() => _checkpoint.Dispose();

    private static Tensor SpokenHalf(Tensor both) => both.Shape[0] == 1
        ? both
        : new Tensor(both.Data[(both.Length / 2)..], [both.Shape[0] / 2, .. both.Shape[1..]]);

    private static Tensor Channels(Tensor sample, int items, int first, int count)
    {
        int all = (int)sample.Shape[1], plane = sample.Length / items / all;
        Tensor part = Tensor.Zeros([items, count, .. sample.Shape[2..]]);
        for (int i = 0; i < items; i++)
        {
            sample.Span.Slice(((i * all) + first) * plane, count * plane).CopyTo(part.Span[(i * count * plane)..]);
        }

        return part;
    }

    private static Tensor Make(string name, long[] shape)
    {
        Tensor tensor = Tensor.Zeros(shape);
        if (name == UNetValues.Timestep)
        {
            tensor.Span.Fill(501);
            return tensor;
        }

        int half = tensor.Length / 2;
        Random random = new(name.Length);
        foreach (ref float value in tensor.Span[half..])
        {
            value = (random.NextSingle() * 2) - 1;
        }

        if (name == UNetValues.Sample)
        {
            tensor.Span[half..].CopyTo(tensor.Span);
        }

        return tensor;
    }
}
