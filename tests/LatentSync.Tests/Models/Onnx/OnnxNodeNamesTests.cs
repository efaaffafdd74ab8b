using System.Text;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Onnx;

public class OnnxNodeNamesTests
{
    [Fact]
    public void ReadFirst_DemoLandmarker_NamesInOrder()
    {
        IReadOnlyList<string> names = OnnxNodeNames.ReadFirst(Path.Combine(Goldens.DemoPack, "checkpoints", "auxiliary", "models", "buffalo_l", "2d106det.onnx"), 8);
        Assert.Equal(8, names.Count);
        Assert.Equal(["Constant", "Sub", "Constant_1", "Mul"], names.Take(4));
    }

    [Fact]
    public void ReadFirst_NodesWithoutNames_EmptyStrings()
    {
        // ModelProto { ir_version: 8, graph { node { op_type "Relu" }, node { name "bn_data" } } }.
        byte[] first = [0x22, 4, .. "Relu"u8], second = [0x1A, 7, .. "bn_data"u8];
        byte[] graph = [0x0A, (byte)first.Length, .. first, 0x0A, (byte)second.Length, .. second];
        Assert.Equal([string.Empty, "bn_data"], Read([0x08, 8, 0x3A, (byte)graph.Length, .. graph]));
    }

    [Fact]
    public void ReadFirst_EmptyFile_NoNames() => Assert.Empty(Read([]));

    [Theory]
    [InlineData("not an ONNX file at all, just text")]
    [InlineData("\u003a\u007f\u0001")]
    [InlineData("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    public void ReadFirst_Damaged_ErrorNamesTheFile(string content)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => Read(Encoding.Latin1.GetBytes(content)));
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains(".onnx: ", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Read(byte[] content)
    {
        string path = Path.Combine(Path.GetTempPath(), $"names-{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(path, content);
            return OnnxNodeNames.ReadFirst(path, 8);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
