using LatentSync.Models.Configuration;
using LatentSync.Models.Costs;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
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

    /// <summary>Inputs of these shapes: a timestep in the middle of the schedule, all else uniform noise in -1..1, the same in every run.</summary>
    public static NamedTensor[] MakeInputs(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes) => [.. shapes.Select(input => new NamedTensor(input.Key, Make(input.Key, [.. input.Value])))];

    /// <summary>A variant of one graph that stands for a whole guided step.</summary>
    public static UNetVariant Variant(string name, OnnxGraph graph, int batch) => new(name, graph, GraphShapes.Inputs(graph, Extents(batch)));

    public void Dispose() => _checkpoint.Dispose();

    private static Tensor Make(string name, long[] shape)
    {
        Tensor tensor = Tensor.Zeros(shape);
        if (name == "timestep")
        {
            tensor.Span.Fill(501);
            return tensor;
        }

        Random random = new(name.Length);
        foreach (ref float value in tensor.Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return tensor;
    }
}
