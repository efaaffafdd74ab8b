using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.OnnxRuntime;

/// <summary>The engine on the demo pack's landmark network, a real file of two megabytes or less.</summary>
public sealed class OnnxRuntimeEngineTests : IDisposable
{
    private static readonly string Network = Path.Combine(Goldens.DemoPack, "checkpoints", "auxiliary", "models", "buffalo_l", "2d106det.onnx");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("latentsync 'é' ");

    [Fact]
    public void Load_NonAsciiAndQuotedPath_RunsAsAnyOther()
    {
        string copy = Path.Combine(_folder.FullName, "réseau 'x'.onnx");
        File.Copy(Network, copy);
        using OnnxRuntimeEngine original = Load(Network);
        using OnnxRuntimeEngine copied = Load(copy);
        Assert.Equal(Run(original).Span.ToArray(), Run(copied).Span.ToArray());
    }

    [Fact]
    public void Run_IntoTheCallersMemory_GivesTheSameNumbers()
    {
        using OnnxRuntimeEngine engine = Load(Network);
        Tensor expected = Run(engine);
        Tensor result = Tensor.Zeros(expected.Shape);
        engine.Run([Input(engine)], [new NamedTensor(engine.Outputs[0].Name, result)]);
        Assert.Equal(expected.Span.ToArray(), result.Span.ToArray());
        Assert.Contains(result.Span.ToArray(), value => value != 0);
    }

    [Fact]
    public void Run_SameTensorsWithOtherValues_ReadsThemAnewAndAllocatesNothing()
    {
        using OnnxRuntimeEngine engine = Load(Network), fresh = Load(Network);
        NamedTensor[] inputs = [Input(engine)], outputs = [new NamedTensor(engine.Outputs[0].Name, Tensor.Zeros(Run(engine).Shape))];
        engine.Run(inputs, outputs);
        inputs[0].Value.Span.Reverse();
        float[] expected = fresh.Run(inputs)[0].Span.ToArray();

        const int runs = 8;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < runs; i++)
        {
            engine.Run(inputs, outputs);
        }

        // An object at most: no names, handles or values are made again.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / runs, 0, 64);
        Assert.Equal(expected, outputs[0].Value.Span.ToArray());
    }

    [Fact]
    public void Run_MoreTensorsThanAreRemembered_GivesEachItsNumbers()
    {
        using OnnxRuntimeEngine engine = Load(Network);
        NamedTensor input = Input(engine);
        float[] expected = engine.Run([input])[0].Span.ToArray();
        Tensor[] results = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Zeros(1, expected.Length))];
        foreach (Tensor result in results.Concat(results))
        {
            result.Span.Clear();
            engine.Run([input], [new NamedTensor(engine.Outputs[0].Name, result)]);
            Assert.Equal(expected, result.Span.ToArray());
        }
    }

    [Fact]
    public void Fork_TwoThreadsAtOnce_GiveTheSameNumbersAndOutliveTheFirst()
    {
        OnnxRuntimeEngine first = Load(Network);
        float[] expected = Run(first).Span.ToArray();
        using OnnxRuntimeEngine second = first.Fork(), third = first.Fork();
        first.Dispose();
        float[][] results = new float[2][];
        Parallel.Invoke(() => results[0] = Run(second).Span.ToArray(), () => results[1] = Run(third).Span.ToArray());
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void Run_OneThreadOrTwo_AgreesToRounding()
    {
        using OnnxRuntimeEngine one = OnnxRuntimeEngine.Load(Network, new OnnxRuntimeOptions { IntraOpThreads = 1, Prepack = false });
        using OnnxRuntimeEngine two = OnnxRuntimeEngine.Load(Network, new OnnxRuntimeOptions { IntraOpThreads = 2, AllowSpinning = false });
        // Sums may be split differently between threads: float32 rounding over a few thousand terms.
        Tolerances.AssertWithinStandardDeviations(Run(one), Run(two), 1e-4, "landmarks");
    }

    [Fact]
    public void Run_UnknownInputOrWrongShape_NamesTheFileInOneLine()
    {
        using OnnxRuntimeEngine engine = Load(Network);
        NamedTensor input = Input(engine);
        LatentSyncException unknown = Assert.Throws<LatentSyncException>(() => engine.Run([input with { Name = "no such input" }]));
        LatentSyncException shape = Assert.Throws<LatentSyncException>(() => engine.Run([input with { Value = Tensor.Zeros(1, 3, 5) }]));
        Assert.All([unknown, shape], error =>
        {
            Assert.Equal(LatentSyncError.Model, error.Error);
            Assert.Contains(Network, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        });
    }

    [Fact]
    public void Run_SignalledToken_DoesNotStart()
    {
        using OnnxRuntimeEngine engine = Load(Network);
        NamedTensor input = Input(engine);
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Run([input], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Load_MissingFile_NamesItAndTheFix()
    {
        string path = Path.Combine(_folder.FullName, "missing.onnx");
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Load(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("models import", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Load_TruncatedFile_IsOneClearError(int length)
    {
        string path = Path.Combine(_folder.FullName, "truncated.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(Network)[..length]);
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Load(path));
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_TextFile_IsOneClearError()
    {
        string path = Path.Combine(_folder.FullName, "text.onnx");
        File.WriteAllText(path, "this is not a network");
        Assert.Contains(path, Assert.Throws<LatentSyncException>(() => Load(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static OnnxRuntimeEngine Load(string path) => OnnxRuntimeEngine.Load(path, new OnnxRuntimeOptions { IntraOpThreads = 1 });

    private static Tensor Run(OnnxRuntimeEngine engine) => engine.Run([Input(engine)])[0];

    // A picture of waves in the network's input shape; dynamic extents are 1.
    private static NamedTensor Input(OnnxRuntimeEngine engine)
    {
        TensorContract contract = engine.Inputs[0];
        Tensor tensor = Tensor.Zeros([.. contract.Shape.Select((extent, axis) => extent > 0 ? extent : axis == 1 ? 3 : axis == 0 ? 1 : 192)]);
        for (int i = 0; i < tensor.Length; i++)
        {
            tensor.Span[i] = 128 + (100 * MathF.Sin(i * 0.01f));
        }

        return new NamedTensor(contract.Name, tensor);
    }
}
