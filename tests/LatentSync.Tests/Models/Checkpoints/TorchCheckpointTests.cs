using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>What the references do not hold: zip64, byte orders, rare types, large views, old views, wrappers and scalars.</summary>
public sealed class TorchCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_Zip64Fields_ReadsTheSame(bool zip64)
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        byte[] pickle = new PickleBytes().Dict().Mark().Text("w").Tensor("0", 6, [2, 3], [3, 1]).SetItems().Stop();
        string path = _folder.Write("a.bin", new ZipBytes(zip64).Torch(pickle, "little", ("0", Bytes(values))));
        using ICheckpoint checkpoint = CheckpointReader.Open(path);
        Assert.Equal(values, ReadFloats(checkpoint, "w"));
    }

    [SkippableFact]
    public void Open_EntriesPast4Gigabytes_AreReadThere()
    {
        Skip.If(OperatingSystem.IsWindows(), "files here are not sparse by default: it would take 6 GB of disk");
        byte[] pickle = new PickleBytes().Dict().Mark().Text("a").Tensor("0", 2, [2], [1]).Text("b").Tensor("1", 2, [2], [1]).SetItems().Stop();
        string path = Path.Combine(_folder.Path, "large.pt");
        using (FileStream stream = File.Create(path))
        {
            new ZipBytes(zip64: true) { Gap = 2L << 30 }.WriteTorch(stream, pickle, "little", ("0", Bytes(1, 2)), ("1", Bytes(3, 4)));
        }

        Assert.True(new FileInfo(path).Length > 6L << 30);
        using ICheckpoint checkpoint = CheckpointReader.Open(path);
        Assert.Equal([1, 2], ReadFloats(checkpoint, "a"));
        Assert.Equal([3, 4], ReadFloats(checkpoint, "b"));
    }

    [Fact]
    public void Read_BigEndianFile_TurnsElements()
    {
        byte[] swapped = new byte[12];
        float[] values = [1.5f, -2, 1e-30f];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleBigEndian(swapped.AsSpan(4 * i), values[i]);
        }

        byte[] pickle = new PickleBytes().Dict().Mark().Text("w").Tensor("0", 3, [3], [1]).SetItems().Stop();
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("big.pt", new ZipBytes().Torch(pickle, "big", ("0", swapped))));
        Assert.Equal(values, ReadFloats(checkpoint, "w"));
    }

    [Theory]
    [InlineData("CharStorage", CheckpointDType.Int8, new byte[] { 0xFF, 3 }, new float[] { -1, 3 })]
    [InlineData("ByteStorage", CheckpointDType.UInt8, new byte[] { 0xFF, 3 }, new float[] { 255, 3 })]
    [InlineData("ShortStorage", CheckpointDType.Int16, new byte[] { 0xFE, 0xFF, 1, 1 }, new float[] { -2, 257 })]
    [InlineData("BFloat16Storage", CheckpointDType.BFloat16, new byte[] { 0xC0, 0x3F, 0x80, 0xFF }, new float[] { 1.5f, float.NegativeInfinity })]
    public void ReadFloat32_Type_Widens(string storage, CheckpointDType dtype, byte[] bytes, float[] expected)
    {
        byte[] pickle = new PickleBytes().Dict().Mark().Text("w").Tensor("0", 2, [2], [1], type: storage).SetItems().Stop();
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("t.pt", new ZipBytes().Torch(pickle, "little", ("0", bytes))));
        Assert.Equal(dtype, checkpoint.Tensors["w"].DType);
        Assert.Equal(expected, ReadFloats(checkpoint, "w"));
    }

    [Theory]
    [InlineData("uint16", CheckpointDType.UInt16, new byte[] { 0xFE, 0xFF }, 65534f)]
    [InlineData("uint32", CheckpointDType.UInt32, new byte[] { 0, 0, 0, 0x80 }, 2147483648f)]
    [InlineData("uint64", CheckpointDType.UInt64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808f)]
    [InlineData("float8_e4m3fn", CheckpointDType.Float8E4M3, new byte[] { 0x7E }, 448f)]
    [InlineData("float8_e4m3fn", CheckpointDType.Float8E4M3, new byte[] { 0x81 }, -0.001953125f)]
    [InlineData("float8_e4m3fn", CheckpointDType.Float8E4M3, new byte[] { 0x7F }, float.NaN)]
    [InlineData("float8_e5m2", CheckpointDType.Float8E5M2, new byte[] { 0x7B }, 57344f)]
    public void ReadFloat32_TypeOfUntypedStorage_Widens(string name, CheckpointDType dtype, byte[] bytes, float expected)
    {
        byte[] pickle = new PickleBytes().Dict().Mark().Text("w")
            .Global("torch._utils", "_rebuild_tensor_v3").Mark().Storage("0", bytes.Length, "UntypedStorage", "torch.storage")
            .Integer(0).Integers(1).Integers(1).Op(0x89).Global("collections", "OrderedDict").Op((byte)')').Reduce().Global("torch", name).Tuple().Reduce()
            .SetItems().Stop();
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("t.pt", new ZipBytes().Torch(pickle, "little", ("0", bytes))));
        Assert.Equal(dtype, checkpoint.Tensors["w"].DType);
        Assert.Equal([expected], ReadFloats(checkpoint, "w"));
    }

    /// <summary>Views of a storage larger than the reader's window, against element-by-element gathering.</summary>
    [Theory]
    [InlineData(new long[] { 700, 600 }, new long[] { 1, 700 }, 0)] // transposed
    [InlineData(new long[] { 60, 70, 10, 10 }, new long[] { 7000, 1, 700, 70 }, 0)] // channels last
    [InlineData(new long[] { 3, 500, 4 }, new long[] { 0, 200, 100000 }, 7)] // repeated, sparse and out of order
    [InlineData(new long[] { 41 }, new long[] { 10007 }, 11)] // few elements far apart
    [InlineData(new long[] { 100, 64 }, new long[] { 1, 1 }, 419000)] // sliding windows
    public void Read_ViewLargerThanTheWindow_EqualsGathering(long[] shape, long[] strides, long offset)
    {
        const int Count = 420_000;
        float[] storage = [.. Enumerable.Range(0, Count).Select(i => (float)i)];
        byte[] pickle = new PickleBytes().Dict().Mark().Text("w").Tensor("0", Count, shape, strides, offset).SetItems().Stop();
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("v.pt", new ZipBytes().Torch(pickle, "little", ("0", Bytes(storage)))));
        float[] expected = Gather(storage, shape, strides, offset);

        Assert.Equal(expected, ReadFloats(checkpoint, "w"));
        foreach (int first in new[] { 1, expected.Length / 3, expected.Length - 1 })
        {
            float[] part = new float[Math.Min(expected.Length - first, (expected.Length / 5) + 1)];
            checkpoint.ReadFloat32("w", first, part);
            Assert.Equal(expected[first..(first + part.Length)], part);
        }
    }

    [Fact]
    public void Open_OlderFormatWithStorageViews_ReadsThem()
    {
        // Element 1 of a view of three elements that begins at element 2 of storage 77: elements 3 and 4 of the file's.
        byte[] data = new PickleBytes().Dict().Mark().Text("w").Global("torch._utils", "_rebuild_tensor").Mark()
            .Mark().Text("storage").Global("torch", "FloatStorage").Text("77").Text("cpu").Integer(6).Mark().Text("78").Integer(2).Integer(3).Tuple().Tuple().Op((byte)'Q')
            .Integer(1).Integers(2).Integers(1).Tuple().Reduce().SetItems().Stop();
        byte[] file =
        [
            .. new PickleBytes().Op(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).Stop(),
            .. new PickleBytes().Integer(1001).Stop(),
            .. new PickleBytes().Dict().Stop(),
            .. data,
            .. new PickleBytes().Op((byte)']').Mark().Text("77").Op((byte)'e').Stop(),
            .. BitConverter.GetBytes(6L),
            .. Bytes(0, 1, 2, 3, 4, 5),
        ];
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("old.pt", file));
        Assert.Equal([3, 4], ReadFloats(checkpoint, "w"));
    }

    [Fact]
    public void Open_Scalars_AppearWithDottedNames()
    {
        byte[] pickle = new PickleBytes(4).Dict().Mark()
            .Text("dims").Dict().Mark().Text("n_mels").Integer(80).Text("name").Text("tiny").SetItems()
            .Text("rate").Op((byte)'G', 0x3F, 0xE0, 0, 0, 0, 0, 0, 0).Text("trained").Op(0x88).Text("none").Op((byte)'N')
            .Text("model_state_dict").Dict().Mark().Text("w").Tensor("0", 1, [], []).SetItems()
            .SetItems().Stop();
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("s.pt", new ZipBytes().Torch(pickle, "little", ("0", Bytes(5)))));
        Assert.Equal(["w"], checkpoint.Tensors.Keys);
        Assert.Equal(
            new Dictionary<string, object> { ["dims.n_mels"] = 80L, ["dims.name"] = "tiny", ["rate"] = 0.5, ["trained"] = true },
            checkpoint.Metadata.ToDictionary());
    }

    [Theory]
    [InlineData(new[] { "state_dict" }, new[] { "module.a", "module.b" }, new[] { "a", "b" })]
    [InlineData(new[] { "model", "state_dict" }, new[] { "module.module.a" }, new[] { "a" })]
    [InlineData(new[] { "generator" }, new[] { "module.a", "b" }, new[] { "module.a", "b" })]
    [InlineData(new string[0], new[] { "a" }, new[] { "a" })]
    public void Open_Wrappers_AreTakenOff(string[] wrappers, string[] names, string[] expected)
    {
        PickleBytes pickle = new PickleBytes().Dict();
        foreach (string wrapper in wrappers)
        {
            pickle.Mark().Text(wrapper).Dict();
        }

        pickle.Mark();
        foreach (string name in names)
        {
            pickle.Text(name).Tensor("0", 1, [1], [1]);
        }

        pickle.SetItems();
        foreach (string _ in wrappers)
        {
            pickle.SetItems();
        }

        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("w.pt", new ZipBytes().Torch(pickle.Stop(), "little", ("0", Bytes(5)))));
        Assert.Equal(expected, checkpoint.Tensors.Keys);
        Assert.All(expected, name => Assert.Equal([5f], ReadFloats(checkpoint, name)));
    }

    [Fact]
    public void Read_UnknownNameOrRange_IsRefused()
    {
        byte[] pickle = new PickleBytes().Dict().Mark().Text("w").Tensor("0", 1, [1], [1]).SetItems().Stop();
        using ICheckpoint checkpoint = CheckpointReader.Open(_folder.Write("r.pt", new ZipBytes().Torch(pickle, "little", ("0", Bytes(5)))));
        Assert.Contains("'v'", Assert.Throws<LatentSyncException>(() => checkpoint.Read("v", 0, new byte[4])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read("w", 1, new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read("w", long.MaxValue, new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read("w", 0, new byte[3]));
    }

    private static byte[] Bytes(params float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();

    private static float[] ReadFloats(ICheckpoint checkpoint, string name)
    {
        float[] values = new float[checkpoint.Tensors[name].ElementCount];
        checkpoint.ReadFloat32(name, 0, values);
        return values;
    }

    private static float[] Gather(float[] storage, long[] shape, long[] strides, long offset)
    {
        float[] result = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (long i = 0; i < result.Length; i++)
        {
            long rest = i, at = offset;
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                at += rest % shape[d] * strides[d];
                rest /= shape[d];
            }

            result[i] = storage[at];
        }

        return result;
    }
}
