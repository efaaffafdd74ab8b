using System.Security.Cryptography;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Models.Onnx.Protobuf;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Graphs;

public sealed class OnnxModelWriterTests
{
    [Fact]
    public void Write_SameGraphTwice_GivesTheSameBytesAndTheirHashes()
    {
        using TemporaryFolder first = new(), second = new();
        OnnxModelFiles a = Write(first.File("model.onnx")), b = Write(second.File("model.onnx"));

        Assert.Equal(2, a.All.Count);
        for (int i = 0; i < 2; i++)
        {
            byte[] bytes = File.ReadAllBytes(a.All[i].Path);
            Assert.Equal(bytes, File.ReadAllBytes(b.All[i].Path));
            Assert.Equal(bytes.Length, a.All[i].LengthInBytes);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), a.All[i].Sha256);
        }

        Assert.Equal(["model.onnx", "model.onnx.data"], Directory.GetFiles(first.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_LargeConstants_LieAlignedAndApartInTheDataFile()
    {
        using TemporaryFolder folder = new();
        OnnxModelFiles files = Write(folder.File("model.onnx"));
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(files.Model.Path));

        long end = 0;
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
            {
                Assert.InRange(tensor.RawData.Length, 0, 512);
                continue;
            }

            Dictionary<string, string> entry = tensor.ExternalData.ToDictionary(e => e.Key, e => e.Value);
            Assert.Equal("model.onnx.data", entry["location"]);
            long offset = long.Parse(entry["offset"]), length = long.Parse(entry["length"]);
            Assert.Equal(tensor.Dims.Aggregate(4L, (x, y) => x * y), length);
            Assert.Equal(0, offset % (length >= 4096 ? 4096 : 64));
            Assert.True(offset >= end, $"'{tensor.Name}' overlaps the constant before it");
            end = offset + length;
        }

        Assert.Equal(end, files.Data!.LengthInBytes);
        Assert.InRange(model.OpsetImport.Single().Version, 1, 21);
    }

    [Fact]
    public void Write_Cancelled_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => Write(folder.File("model.onnx"), cancelled.Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_FolderMissing_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Write(Path.Combine(folder.Path, "absent", "model.onnx")));

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains("model.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_CheckpointFailsMidway_LeavesNothingAndKeepsTheError()
    {
        using TemporaryFolder folder = new();
        LatentSyncException failure = new(LatentSyncError.Model, "checkpoint ended early");
        OnnxInitializer[] initializers = [new("a", [1 << 20], new FailingSource(1 << 20, failure))];
        OnnxGraph graph = new() { Name = "test", Opset = 21, Inputs = [], Outputs = [], Nodes = [], Initializers = initializers };

        Assert.Same(failure, Assert.Throws<LatentSyncException>(() => OnnxModelWriter.Write(graph, folder.File("model.onnx"))));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_NonAsciiFolder_CanBeLoaded()
    {
        using TemporaryFolder folder = new(" é 'quoted'");
        using LatentSync.Runtime.OnnxRuntime.OnnxRuntimeEngine engine = LatentSync.Runtime.OnnxRuntime.OnnxRuntimeEngine.Load(
            Write(folder.File("model.onnx")).Model.Path,
            new LatentSync.Runtime.OnnxRuntime.OnnxRuntimeOptions());

        Assert.Equal("sample", engine.Inputs[0].Name);
    }

    private static OnnxModelFiles Write(string path, CancellationToken cancellationToken = default)
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("vae_encoder");
        return OnnxModelWriter.Write(DemoGraphs.Build("vae_encoder", checkpoint), path, null, cancellationToken);
    }

    private sealed class FailingSource(long count, Exception failure) : TensorSource(OnnxElementType.Float, count)
    {
        public override void Read(long elementOffset, Span<byte> destination) => throw failure;
    }
}
