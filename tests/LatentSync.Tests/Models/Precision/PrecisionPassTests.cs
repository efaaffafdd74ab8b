using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Precision;

public sealed class PrecisionPassTests
{
    private static string VaeDecoder => Path.Combine(ImportedDemoPack.Path, "vae_decoder", "vae_decoder.onnx");

    [Fact]
    public void Prepare_Fp32_IsTheSameFile()
    {
        using TemporaryFolder folder = new();

        Assert.Equal(new PreparedModel(VaeDecoder, null), PrecisionPass.Prepare(VaeDecoder, EnginePrecision.Fp32, folder.File("out")));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Prepare_Fp16Twice_WritesTheSameSmallerFiles()
    {
        using TemporaryFolder folder = new(" é");
        PreparedModel first = PrecisionPass.Prepare(VaeDecoder, EnginePrecision.Fp16, folder.File("a")), second = PrecisionPass.Prepare(VaeDecoder, EnginePrecision.Fp16, folder.File("b"));

        Assert.Equal(folder.File(Path.Combine("a", "vae_decoder.fp16.onnx")), first.Path);
        Assert.Equal(["vae_decoder.fp16.onnx", "vae_decoder.fp16.onnx.data"], Directory.GetFiles(folder.File("a")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllBytes(first.Path), File.ReadAllBytes(second.Path));
        Assert.Equal(File.ReadAllBytes(first.Path + ".data"), File.ReadAllBytes(second.Path + ".data"));

        // Half, and the norms' scales in float32 with the padding between constants.
        double share = new FileInfo(first.Path + ".data").Length / (double)new FileInfo(VaeDecoder + ".data").Length;
        Assert.InRange(share, 0.45, 0.6);
        using OnnxModelReader reader = OnnxModelReader.Open(first.Path);
        TypeChecker.Check(reader.Graph);
    }

    [Fact]
    public void Prepare_Cancelled_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => PrecisionPass.Prepare(VaeDecoder, EnginePrecision.Fp16, folder.File("out"), cancelled.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Prepare_FileInTheWay_LeavesNothingElse()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("vae_decoder.fp16.onnx.data"));

        LatentSyncException error = Assert.Throws<LatentSyncException>(() => PrecisionPass.Prepare(VaeDecoder, EnginePrecision.Fp16, folder.Path));

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Equal(["vae_decoder.fp16.onnx.data"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(EnginePrecision.Int8, "int8")]
    [InlineData(EnginePrecision.Fp8, "fp8")]
    public void Prepare_NetworkWithoutQuantization_IsRefusedEachTime(EnginePrecision precision, string name)
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 2; i++)
        {
            LatentSyncException error = Assert.Throws<LatentSyncException>(() => PrecisionPass.Prepare(VaeDecoder, precision, folder.Path));
            Assert.Equal(LatentSyncError.Model, error.Error);
            Assert.StartsWith(VaeDecoder, error.Message, StringComparison.Ordinal);
            Assert.Contains($"not quantized; {name} engines need", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(EnginePrecision.Int8, EnginePrecision.Fp8)]
    [InlineData(EnginePrecision.Fp8, EnginePrecision.Int8)]
    public void Prepare_QuantizedNetwork_IsTakenForItsKindOnly(EnginePrecision kind, EnginePrecision other)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("q.onnx");
        OnnxModelWriter.Write(SmallGraphs.Quantized(kind == EnginePrecision.Int8 ? SmallGraphs.Int8("zero") : SmallGraphs.Float8("zero")), path);

        Assert.Equal(new PreparedModel(path, null), PrecisionPass.Prepare(path, kind, folder.Path));
        Assert.Contains("quantized as", Assert.Throws<LatentSyncException>(() => PrecisionPass.Prepare(path, other, folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EnginePrecision.Fp32)]
    [InlineData(EnginePrecision.Fp16)]
    [InlineData(EnginePrecision.Int8)]
    public void Prepare_FileMissing_NamesIt(EnginePrecision precision)
    {
        using TemporaryFolder folder = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => PrecisionPass.Prepare(folder.File("absent.onnx"), precision, folder.Path));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains("absent.onnx", error.Message, StringComparison.Ordinal);
    }
}
