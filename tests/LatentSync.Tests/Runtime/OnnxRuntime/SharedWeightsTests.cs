using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.OnnxRuntime;

/// <summary>Two layers of 64 x 64 in a file of weights, and a network of the first alone: what step caching's whole and shallow networks are to each other.</summary>
public sealed class SharedWeightsTests : IDisposable
{
    private const int Width = 64;
    private const long LayerSizeInBytes = Width * Width * sizeof(float);

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly OnnxModelReader _reader;

    public SharedWeightsTests()
    {
        _path = _folder.File("network.onnx");
        OnnxModelWriter.Write(Network(layers: 2), _path);
        _reader = OnnxModelReader.Open(_path);
    }

    [Fact]
    public void Load_TwoNetworksOfOneFile_HoldEachWeightOnceAndGiveTheSameNumbers()
    {
        OnnxModelImage whole = OnnxModelImage.Of(_reader.Graph), part = OnnxModelImage.Of(FirstLayer());
        Tensor input = Input();
        using SharedWeights shared = new();
        using OnnxRuntimeEngine first = Load(whole, shared);
        Assert.Equal(2 * LayerSizeInBytes, shared.SizeInBytes);
        using OnnxRuntimeEngine second = Load(part, shared);
        Assert.Equal(2 * LayerSizeInBytes, shared.SizeInBytes);
        using OnnxRuntimeEngine wholeAlone = Load(whole, shared: null), partAlone = Load(part, shared: null);

        // The same kernels over the same numbers: not a bit may differ.
        Assert.Equal(Run(wholeAlone, input), Run(first, input));
        Assert.Equal(Run(partAlone, input), Run(second, input));
        Assert.NotEqual(Run(first, input), Run(second, input));
    }

    [Fact]
    public void Dispose_OfOneNetwork_LeavesTheOtherItsWeights()
    {
        OnnxModelImage image = OnnxModelImage.Of(_reader.Graph);
        Tensor input = Input();
        using SharedWeights shared = new();
        OnnxRuntimeEngine first = Load(image, shared);
        float[] expected = Run(first, input);
        using OnnxRuntimeEngine second = Load(image, shared);
        first.Dispose();
        Assert.Equal(expected, Run(second, input));
    }

    [Fact]
    public void Load_FileCutShort_NamesItAndTheFix()
    {
        OnnxModelImage image = OnnxModelImage.Of(_reader.Graph);
        string data = _path + ".data";
        _reader.Dispose();
        using (FileStream stream = new(data, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(LayerSizeInBytes);
        }

        using SharedWeights shared = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Load(image, shared));
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains(data, error.Message, StringComparison.Ordinal);
        Assert.Contains("models import", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileMissing_NamesItAndTheFix()
    {
        OnnxModelImage image = OnnxModelImage.Of(_reader.Graph);
        _reader.Dispose();
        File.Move(_path + ".data", _path + ".moved");
        using SharedWeights shared = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Load(image, shared));
        Assert.Contains(_path + ".data", error.Message, StringComparison.Ordinal);
        Assert.Contains("models import", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _folder.Dispose();
    }

    private OnnxRuntimeEngine Load(OnnxModelImage image, SharedWeights? shared) =>
        OnnxRuntimeEngine.Load(image.Bytes, image.DataFolder, _path, new OnnxRuntimeOptions { IntraOpThreads = 1 }, image.Weights, shared);

    private OnnxGraph FirstLayer() => _reader.Graph with
    {
        Outputs = [new OnnxValueInfo("layer0", OnnxElementType.Float, ["rows", Width])],
        Nodes = [_reader.Graph.Nodes[0]],
        Initializers = [_reader.Graph.Initializers[0]],
    };

    private static float[] Run(OnnxRuntimeEngine engine, Tensor input) => engine.Run([new NamedTensor("input", input)])[0].Span.ToArray();

    private static OnnxGraph Network(int layers) => new()
    {
        Name = "layers",
        Opset = 21,
        Inputs = [new OnnxValueInfo("input", OnnxElementType.Float, ["rows", Width])],
        Outputs = [new OnnxValueInfo($"layer{layers - 1}", OnnxElementType.Float, ["rows", Width])],
        Nodes = [.. Enumerable.Range(0, layers).Select(i => new OnnxNode("MatMul", $"layer{i}", [i == 0 ? "input" : $"layer{i - 1}", $"weight{i}"], [$"layer{i}"], []))],
        Initializers = [.. Enumerable.Range(0, layers).Select(i => new OnnxInitializer($"weight{i}", [Width, Width], ConstantSource.Of(Waves(Width * Width, i + 1))))],
    };

    private static Tensor Input() => new(Waves(4 * Width, 0.3f), 4, Width);

    private static float[] Waves(int length, float pitch) => [.. Enumerable.Range(0, length).Select(i => MathF.Sin(i * pitch))];
}
