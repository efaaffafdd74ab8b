using System.Text;
using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Nothing a file holds may run, hang, take much memory, or surface as anything but one clear error.</summary>
public sealed class HostileCheckpointTests : IDisposable
{
    // A pickle of a million values (the most that is read) takes about 50 MB on its way; a believed claim would take gigabytes.
    private const long MostAllocatedInBytes = 128L << 20;

    // Views may repeat elements; the sweeps read only what a damaged file could honestly hold.
    private const long MostReadInBytes = 1 << 20;

    // A file is written for each; every place of the smaller references, and enough of a larger one to meet all of its parts.
    private const int MostPlaces = 1500;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Torch() => HostileTorchFiles.All().Select(f => new object[] { f.Name });

    public static IEnumerable<object[]> Safetensors() =>
    [
        ["not an object", "[]"],
        ["no dtype", """{"a":{"shape":[1],"data_offsets":[0,4]}}"""],
        ["no shape", """{"a":{"dtype":"F32","data_offsets":[0,4]}}"""],
        ["one offset", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"""],
        ["no offsets", """{"a":{"dtype":"F32","shape":[1]}}"""],
        ["offsets of text", """{"a":{"dtype":"F32","shape":[1],"data_offsets":["0","4"]}}"""],
        ["fractional shape", """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"""],
        ["huge shape", """{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"""],
        ["huge product", """{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,4]}}"""],
        ["backwards", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"""],
        ["negative", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"""],
        ["overflowing offsets", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775804,9223372036854775807]}}"""],
        ["twice", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"""],
        ["metadata of numbers", """{"__metadata__":{"a":1}}"""],
        ["metadata of text", """{"__metadata__":"a"}"""],
        ["deep", new string('[', 5000) + new string(']', 5000)],
        ["many dimensions", """{"a":{"dtype":"F32","shape":[1""" + string.Concat(Enumerable.Repeat(",1", 1000)) + """],"data_offsets":[0,4]}}"""],
        ["broken text", "{\"a\ud800\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"],
    ];

    /// <summary>The smallest reference of each format: torch's two and safetensors.</summary>
    public static IEnumerable<object[]> GoodFiles() =>
        Goldens.Files("checkpoints", "*.pt").Concat(Goldens.Files("checkpoints", "*.safetensors")).GroupBy(row => Format((string)row[0])).Select(g => g.MinBy(row => Length((string)row[0]))!);

    [Theory]
    [MemberData(nameof(Torch))]
    public void Open_HostileTorchFile_IsRefusedWithItsReason(string name)
    {
        (_, string reason, Func<byte[]> file) = HostileTorchFiles.All().Single(f => f.Name == name);
        string message = AssertRefused(_folder.Write("the file.pt", file()));
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Safetensors))]
    public void Open_HostileSafetensorsFile_IsRefused(string name, string header)
    {
        Assert.NotEmpty(name);
        byte[] json = Encoding.UTF8.GetBytes(header);
        AssertRefused(_folder.Write("the file.safetensors", [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[16]]));
    }

    [SkippableTheory]
    [MemberData(nameof(GoodFiles))]
    public void Open_CutOffAnywhere_IsRefusedOrReads(string name)
    {
        byte[] good = File.ReadAllBytes(Goldens.Case("checkpoints", name));
        foreach (int length in Spread.Below(good.Length, MostPlaces))
        {
            AssertRefusedOrReads(_folder.Write("cut", good[..length]));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(GoodFiles))]
    public void Open_AnyByteChanged_IsRefusedOrReads(string name)
    {
        byte[] good = File.ReadAllBytes(Goldens.Case("checkpoints", name));
        byte[] changed = [.. good];
        foreach (int at in Spread.Below(good.Length, MostPlaces))
        {
            // All bits (sizes become huge or negative), and one bit that varies with the place.
            foreach (int mask in new[] { 0xFF, 1 << (at % 8) })
            {
                changed[at] = (byte)(good[at] ^ mask);
                AssertRefusedOrReads(_folder.Write("changed", changed));
            }

            changed[at] = good[at];
        }
    }

    private static string AssertRefused(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => CheckpointReader.Open(path).Dispose());
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(error.Message.Length < path.Length + 600, $"the reason is too long: {error.Message}");
        Assert.True(allocated < MostAllocatedInBytes, $"{allocated} bytes were allocated");
        Assert.False(File.Exists("PWNED"));
        return error.Message;
    }

    private static void AssertRefusedOrReads(string path)
    {
        try
        {
            using ICheckpoint checkpoint = CheckpointReader.Open(path);
            foreach ((string name, CheckpointTensor tensor) in checkpoint.Tensors)
            {
                if (tensor.ElementCount * tensor.DType.SizeInBytes() <= MostReadInBytes)
                {
                    CheckpointReferenceTests.ReadAll(checkpoint, name);
                }
            }
        }
        catch (LatentSyncException error)
        {
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    private static int Format(string name)
    {
        using FileStream? file = name.Length == 0 ? null : File.OpenRead(Path.Combine(Goldens.Area("checkpoints"), name));
        int first = file?.ReadByte() ?? 0;
        return first is 'P' or 0x80 ? first : 0;
    }

    private static long Length(string name) => name.Length == 0 ? 0 : new FileInfo(Path.Combine(Goldens.Area("checkpoints"), name)).Length;
}
