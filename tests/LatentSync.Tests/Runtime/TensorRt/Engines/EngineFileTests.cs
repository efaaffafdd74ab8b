using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LatentSync.Runtime;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

public sealed class EngineFileTests : IDisposable
{
    private const int PrologueSize = 88, HeaderLengthAt = 12, PlanLengthAt = 16;

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public EngineFileTests() => _path = EngineCase.Write(_folder.File("engine é.lsengine"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_WrittenFile_SaysTheSame()
    {
        EngineFile file = EngineFile.Open(_path);
        file.Verify();
        Assert.Equal(5000, file.PlanSizeInBytes);
        Assert.Equal(EngineKey.Of(EngineCase.Identity), file.Key);
        Assert.Equal((EngineCase.Header.Network, EngineCase.Header.Tuning, EngineCase.Header.CreatedBy), (file.Header.Network, file.Header.Tuning, file.Header.CreatedBy));
        Assert.Equal(EngineCase.Target, file.Header.Identity.Target);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_Header_IsReadableInTheFile()
    {
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(_path));
        Assert.All(["\"gpu\": \"GPU of the tests\"", "\"precision\": \"Fp16\"", "10.16.1"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void ReadPlan_AnyByteFlipped_IsRefused()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        Random random = new(11);
        // Beside 200 places drawn from the whole file, every byte before the header, where lengths and hashes are.
        foreach (int at in Enumerable.Range(0, 200).Select(_ => random.Next(bytes.Length)).Concat(Enumerable.Range(0, PrologueSize)))
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= (byte)(1 << random.Next(8));
            Refuses(flipped);
        }
    }

    [Fact]
    public void ReadPlan_CutOff_IsRefused()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        int header = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(HeaderLengthAt));
        int[] lengths = [0, 1, 7, 8, 11, 12, 16, 24, 56, PrologueSize - 1, PrologueSize, PrologueSize + 1, PrologueSize + header - 1, PrologueSize + header, PrologueSize + header + 1, bytes.Length - 1];
        Assert.All(lengths, length => Refuses(bytes[..length]));
        Refuses([.. bytes, 0]);
    }

    [Theory]
    [InlineData(HeaderLengthAt, int.MaxValue)]
    [InlineData(HeaderLengthAt, -1)]
    [InlineData(HeaderLengthAt, 0)]
    [InlineData(PlanLengthAt, long.MaxValue)]
    [InlineData(PlanLengthAt, -1L)]
    [InlineData(PlanLengthAt, 0L)]
    [InlineData(PlanLengthAt, 1L << 40)]
    public void Open_HostileLength_IsRefusedWithoutAllocatingIt(int at, object length)
    {
        byte[] bytes = File.ReadAllBytes(_path);
        if (length is int number)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), number);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), (long)length);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuses(bytes);
        // The file itself, written by the test, and texts: far from any of the stated lengths.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    // With a hash that is right, so that only the header's own checks are left.
    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1,2")]
    [InlineData("{\"network\":null}")]
    public void Open_HeaderThatIsNone_IsRefused(string json)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        byte[] file = [.. new EnginePrologue(header.Length, 3, SHA256.HashData([1, 2, 3])).ToBytes(header), .. header, 1, 2, 3];
        Refuses(file);
    }

    [Fact]
    public void Open_OtherFormatVersion_SaysWhichIsRead()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        bytes[8] = 9;
        Assert.Contains("format version is 9, 2 is read here", Refuses(bytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OnnxFile_SaysThatItIsNoEngine() =>
        Assert.Contains("not an engine file", Refuses("\b\u0007 this is a graph, not an engine at all"u8.ToArray()).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_Missing_NamesItAndTheFix()
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => EngineFile.Open(_folder.File("absent.lsengine")));
        Assert.Contains("absent.lsengine: no such engine file; build one with 'latentsync engines build'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_FileReplacedSinceItWasOpened_IsRefused()
    {
        EngineFile file = EngineFile.Open(_path);
        EngineCase.Write(_path, planSize: 6000);
        Assert.Contains("replaced", Assert.Throws<PlanRefusedException>(() => file.Verify()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireTensorRt_AnotherVersion_NamesBoth()
    {
        EngineFile file = EngineFile.Open(_path);
        file.RequireTensorRt(new Version(10, 16, 1));
        string message = Assert.Throws<PlanRefusedException>(() => file.RequireTensorRt(new Version(11, 1, 0))).Message;
        Assert.Contains("built with TensorRT 10.16.1, 11.1.0 is loaded", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_PlanThatFails_LeavesTheOldFile()
    {
        byte[] before = File.ReadAllBytes(_path);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => EngineFile.Write(_path, _path + ".new", EngineCase.Header, new MemoryStream([1]), source.Token));
        Assert.Equal(before, File.ReadAllBytes(_path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    private PlanRefusedException Refuses(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        PlanRefusedException error = Assert.Throws<PlanRefusedException>(() => EngineFile.Open(_path).Verify());
        Assert.StartsWith(_path, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("'latentsync engines build'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
