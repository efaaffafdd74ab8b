using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Onnx;

public sealed class GraphHasherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model, _data;

    public GraphHasherTests()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(ImportedDemoPack.Path, "unet")))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        }

        _model = _folder.File("unet.onnx");
        _data = Assert.Single(Directory.GetFiles(_folder.Path), file => file != _model);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compute_SameFilesElsewhere_AreTheSame() => Assert.Equal(
        GraphHasher.Compute(Path.Combine(ImportedDemoPack.Path, "unet", "unet.onnx")), GraphHasher.Compute(_model));

    [Fact]
    public void Compute_OneByteOfTheWeightsChanged_KeepsOnlyTheStructure()
    {
        GraphHash before = GraphHasher.Compute(_model);
        byte[] bytes = File.ReadAllBytes(_data);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_data, bytes);
        GraphHash after = GraphHasher.Compute(_model);
        Assert.Equal(before.Structure, after.Structure);
        Assert.NotEqual(before.Content, after.Content);
    }

    [Fact]
    public void Compute_OtherGraph_DiffersInBoth()
    {
        GraphHash other = GraphHasher.Compute(Path.Combine(ImportedDemoPack.Path, "vae_encoder", "vae_encoder.onnx"));
        GraphHash hash = GraphHasher.Compute(_model);
        Assert.NotEqual(hash.Structure, other.Structure);
        Assert.NotEqual(hash.Content, other.Content);
    }

    [Fact]
    public void Compute_DataMissing_IsAModelError()
    {
        File.Delete(_data);
        Assert.Equal(LatentSyncError.Model, Assert.Throws<LatentSyncException>(() => GraphHasher.Compute(_model)).Error);
    }

    [Fact]
    public void Compute_NoOnnxFile_IsAModelError()
    {
        File.WriteAllText(_model, "no graph");
        Assert.Equal(LatentSyncError.Model, Assert.Throws<LatentSyncException>(() => GraphHasher.Compute(_model)).Error);
    }
}
