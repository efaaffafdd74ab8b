using System.Text;
using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Files are told apart by content; what is no checkpoint is named for what it seems to be.</summary>
public sealed class CheckpointReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_WrongExtension_GoesByContent()
    {
        byte[] torch = new ZipBytes().Torch(HostileTorchFiles.GoodPickle(), "little", ("0", new byte[16]));
        using ICheckpoint first = CheckpointReader.Open(_folder.Write("really torch.safetensors", torch));
        Assert.IsType<TorchCheckpoint>(first);

        byte[] json = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""u8.ToArray();
        using ICheckpoint second = CheckpointReader.Open(_folder.Write("really safetensors.pt", [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[4]]));
        Assert.IsType<SafetensorsCheckpoint>(second);
        Assert.Equal([second.Path], second.Files);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><title>Not found", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0", "git-lfs")]
    [InlineData("GGUF\u0003\0\0\0", "GGUF")]
    [InlineData("hello", "'hello'")]
    [InlineData("\u0001\u0002", "0102")]
    [InlineData("", "empty")]
    public void Open_OtherFile_SaysWhatItIs(string content, string expected)
    {
        string path = _folder.Write("unet.pt", Encoding.Latin1.GetBytes(content));
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => CheckpointReader.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingFile_IsNamed()
    {
        string path = Path.Combine(_folder.Path, "none.pt");
        Assert.Contains(path, Assert.Throws<LatentSyncException>(() => CheckpointReader.Open(path)).Message, StringComparison.Ordinal);
    }
}
