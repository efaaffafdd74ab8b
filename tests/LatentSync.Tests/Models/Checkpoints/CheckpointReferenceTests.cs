using System.Runtime.InteropServices;
using System.Text.Json;
using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Reads what torch wrote and compares with what torch read, bit for bit; what must be refused is refused.</summary>
public class CheckpointReferenceTests
{
    // Opening the smallest references takes some hundred kilobytes; a claim in a header that is believed would take far more.
    private const long MostAllocatedInBytes = 8 << 20;

    // Sixteen stretches are read from each.
    private const int MostStarts = 200;

    private const string ExpectedEnding = ".expected.safetensors";

    public static IEnumerable<object[]> Cases() => Goldens.Files("checkpoints", "*" + ExpectedEnding);

    public static IEnumerable<object[]> WithoutReference() =>
        Goldens.Files("checkpoints", "*.pt").Where(row => !File.Exists(Expected(Path.Combine(Goldens.Area("checkpoints"), (string)row[0])))).DefaultIfEmpty([string.Empty]);

    public static IEnumerable<object[]> Hostile() => Goldens.Files("checkpoints/hostile", "*");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Read_EveryTensor_EqualsTorch(string name)
    {
        string expectedPath = Goldens.Case("checkpoints", name);
        using GoldenFile expected = new(expectedPath);
        using ICheckpoint actual = CheckpointReader.Open(expectedPath[..^ExpectedEnding.Length] + ".pt");
        Dictionary<string, string> dtypes = JsonSerializer.Deserialize<Dictionary<string, string>>(expected.Metadata("dtypes"))!;
        string prefix = expected.Tensors.Keys.All(key => key.StartsWith("module.", StringComparison.Ordinal)) ? "module." : string.Empty;

        Assert.Equal(expected.Tensors.Keys.Select(key => key[prefix.Length..]).Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, CheckpointTensor reference) in expected.Tensors)
        {
            string own = key[prefix.Length..];
            CheckpointTensor tensor = actual.Tensors[own];
            Assert.Equal(reference.Shape, tensor.Shape);
            Assert.Equal(dtypes[key], TorchName(tensor.DType));
            byte[] bytes = tensor.DType == reference.DType ? ReadAll(actual, own) : Widen(actual, own);
            Assert.Equal(expected.ReadBytes(key), bytes);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Read_AnyStretch_EqualsThatPartOfTheWhole(string name)
    {
        string expectedPath = Goldens.Case("checkpoints", name);
        using ICheckpoint checkpoint = CheckpointReader.Open(expectedPath[..^ExpectedEnding.Length] + ".pt");
        foreach ((string key, CheckpointTensor tensor) in checkpoint.Tensors)
        {
            byte[] whole = ReadAll(checkpoint, key);
            int size = tensor.DType.SizeInBytes(), count = (int)tensor.ElementCount;
            foreach (int first in Spread.Below(count + 1, MostStarts))
            {
                for (int length = 0; length <= count - first; length += 1 + (count / 16))
                {
                    byte[] part = new byte[length * size];
                    checkpoint.Read(key, first, part);
                    Assert.Equal(whole[(first * size)..((first + length) * size)], part);
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(WithoutReference))]
    public void Open_OlderFormat_HoldsTensors(string name)
    {
        Skip.If(name.Length == 0, "every file has its reference");
        using ICheckpoint checkpoint = CheckpointReader.Open(Goldens.Case("checkpoints", name));
        Assert.NotEmpty(checkpoint.Tensors);
        Assert.All(checkpoint.Tensors.Keys, key => Assert.Equal(checkpoint.Tensors[key].ElementCount * checkpoint.Tensors[key].DType.SizeInBytes(), ReadAll(checkpoint, key).Length));
    }

    [SkippableTheory]
    [MemberData(nameof(Hostile))]
    public void Open_HostileFile_IsRefusedByNameAndNothingRuns(string name)
    {
        string path = Goldens.Case("checkpoints/hostile", name);
        long before = GC.GetAllocatedBytesForCurrentThread();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => CheckpointReader.Open(path).Dispose());
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length > path.Length + 20, $"no reason is given: {error.Message}");
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(allocated < MostAllocatedInBytes, $"{allocated} bytes were allocated");
        Assert.False(File.Exists("PWNED"));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "PWNED")));
    }

    internal static byte[] ReadAll(ICheckpoint checkpoint, string key)
    {
        CheckpointTensor tensor = checkpoint.Tensors[key];
        byte[] bytes = new byte[tensor.ElementCount * tensor.DType.SizeInBytes()];
        checkpoint.Read(key, 0, bytes);
        return bytes;
    }

    private static byte[] Widen(ICheckpoint checkpoint, string key)
    {
        float[] values = new float[checkpoint.Tensors[key].ElementCount];
        checkpoint.ReadFloat32(key, 0, values);
        return MemoryMarshal.AsBytes<float>(values).ToArray();
    }

    private static string Expected(string path) => Path.ChangeExtension(path, null) + ExpectedEnding;

    private static string TorchName(CheckpointDType dtype) => dtype.ToString().ToLowerInvariant();
}
