using System.Runtime.InteropServices;
using Google.Protobuf;
using LatentSync.Models.Onnx;
using LatentSync.Models.Onnx.Protobuf;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Precision;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Onnx;

public sealed class OnnxModelReaderTests
{
    [Fact]
    public void Open_NetworksOfAPack_AreWrittenBackToTheSameBytes()
    {
        using TemporaryFolder folder = new();
        string[] networks = [.. Directory.GetFiles(ImportedDemoPack.Path, "*.onnx.data", SearchOption.AllDirectories).Select(data => data[..^".data".Length])];
        Assert.Equal(4, networks.Length);
        foreach (string network in networks)
        {
            using OnnxModelReader reader = OnnxModelReader.Open(network);
            string copy = folder.File(Path.GetFileName(network));
            OnnxModelWriter.Write(reader.Graph, copy);
            Assert.Equal(File.ReadAllBytes(network), File.ReadAllBytes(copy));
            Assert.Equal(File.ReadAllBytes(network + ".data"), File.ReadAllBytes(copy + ".data"));
        }
    }

    [Fact]
    public void Open_WeightBeyondTwoGigabytes_IsReadWhereItLies()
    {
        using TemporaryFolder folder = new();
        string path = Edited(folder, tensor => tensor.ExternalData[1].Value = "3221225472");
        using (FileStream data = File.OpenWrite(path + ".data"))
        {
            // A hole in the file: no space is taken.
            data.Position = 3221225472;
            data.Write(MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, 1024).Select(i => (float)i)]));
        }

        using OnnxModelReader reader = OnnxModelReader.Open(path);
        float[] last = new float[2];
        reader.Graph.Initializers[0].Source.Read(1022, MemoryMarshal.AsBytes(last.AsSpan()));

        Assert.Equal([1022, 1023], last);
    }

    [Theory]
    [InlineData("offset", "64", "does not hold")]
    [InlineData("offset", "-1", "not a number")]
    [InlineData("length", "4", "does not hold")]
    [InlineData("location", "../model.onnx.data", "not in a file beside it")]
    [InlineData("location", "absent.data", "absent.data")]
    public void Open_WeightsElsewhere_AreRefused(string key, string value, string expected)
    {
        using TemporaryFolder folder = new();
        string path = Edited(folder, tensor => tensor.ExternalData.Single(entry => entry.Key == key).Value = value);

        AssertRefused(path, expected);
    }

    [Theory]
    [InlineData("domain", "com.example")]
    [InlineData("attribute", "'inner' of node 'y' (Add)")]
    [InlineData("type", "element type 11")]
    [InlineData("shape", "impossible shape")]
    [InlineData("bytes", "cannot be parsed")]
    public void Open_WhatTheRecordsCannotHold_IsRefusedByName(string what, string expected)
    {
        using TemporaryFolder folder = new();
        string path = Edited(folder, (model, tensor) =>
        {
            switch (what)
            {
                case "domain":
                    model.Graph.Node[0].Domain = "com.example";
                    break;
                case "attribute":
                    model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "inner", Type = AttributeProto.Types.AttributeType.Graph });
                    break;
                case "type":
                    tensor.DataType = 11;
                    break;
                case "shape":
                    tensor.Dims.Add([1L << 40, 1L << 40]);
                    break;
            }
        });
        if (what == "bytes")
        {
            File.WriteAllBytes(path, [0x3A, 0xFF]);
        }

        AssertRefused(path, expected);
    }

    private static void AssertRefused(string path, string expected)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => OnnxModelReader.Open(path).Dispose());
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static string Edited(TemporaryFolder folder, Action<TensorProto> edit) => Edited(folder, (_, tensor) => edit(tensor));

    private static string Edited(TemporaryFolder folder, Action<ModelProto, TensorProto> edit)
    {
        string path = folder.File("model.onnx");
        OnnxModelWriter.Write(SmallGraphs.Make([SmallGraphs.Node("Add", "y", "x", "w")], SmallGraphs.Weight("w", new float[1024])), path);
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        edit(model, model.Graph.Initializer[0]);
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }
}
