using System.Buffers.Binary;
using System.IO.Compression;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Torch files that no torch wrote, by the name of their trick, with the part of the reason that must be told.</summary>
internal static class HostileTorchFiles
{
    private const long Huge = 1L << 62;

    /// <summary>Each file is made when it is asked for: some are large.</summary>
    public static IEnumerable<(string Name, string Reason, Func<byte[]> File)> All() => Pickles().Concat(AmplifyingPickles.All().Select(p => Pickle(p.Name, p.Reason, p.Pickle))).Concat(Tensors()).Concat(Zips());

    private static IEnumerable<(string Name, string Reason, Func<byte[]> File)> Pickles()
    {
        yield return Pickle("system by GLOBAL", "os.system", () => new PickleBytes().Global("os", "system").Text("touch PWNED").Op(0x85).Reduce().Stop());
        yield return Pickle("system by STACK_GLOBAL", "os.system", () => new PickleBytes(4).Text("os").Text("system").Op(0x93).Text("touch PWNED").Op(0x85).Reduce().Stop());
        yield return Pickle("dotted member", "collections.OrderedDict.fromkeys", () => new PickleBytes(4).Text("collections").Text("OrderedDict.fromkeys").Op(0x93).Stop());
        yield return Pickle("builtins.eval", "builtins.eval", () => new PickleBytes().Global("builtins", "eval").Text("1").Op(0x85).Reduce().Stop());
        yield return Pickle("name with a line feed", "?", () => new PickleBytes(4).Text("o\ns").Text("x").Op(0x93).Stop());
        yield return Pickle("INST", "opcode 0x69", () => new PickleBytes().Mark().Op("ios\nsystem\n"u8).Stop());
        yield return Pickle("OBJ", "opcode 0x6F", () => new PickleBytes().Mark().Global("collections", "OrderedDict").Op((byte)'o').Stop());
        yield return Pickle("EXT1", "opcode 0x82", () => new PickleBytes().Op(0x82, 1).Stop());
        yield return Pickle("calling a text", "not a name", () => new PickleBytes().Text("x").Op((byte)')').Reduce().Stop());
        yield return Pickle("calling a tensor type", "torch.FloatStorage", () => new PickleBytes().Global("torch", "FloatStorage").Op((byte)')').Reduce().Stop());
        yield return Pickle("building a name", "attributes", () => new PickleBytes().Global("torch", "FloatStorage").Dict().Op((byte)'b').Stop());
        yield return Pickle("huge BINUNICODE8", "claims", () => new PickleBytes(4).Op(0x8d).UInt64(ulong.MaxValue).Stop());
        yield return Pickle("huge BINBYTES8", "claims", () => new PickleBytes(4).Op(0x8e).UInt64(1UL << 40).Stop());
        yield return Pickle("huge BINUNICODE", "claims", () => new PickleBytes().Op((byte)'X').UInt32(uint.MaxValue).Stop());
        yield return Pickle("huge LONG4", "integer of", () => new PickleBytes().Op(0x8b).UInt32(uint.MaxValue).Stop());
        yield return Pickle("text that is not UTF-8", "UTF-8", () => new PickleBytes().Op((byte)'X').UInt32(1).Op(0xFF).Stop());
        yield return Pickle("more values than any checkpoint", "more than", () => [.. new PickleBytes().ToArray(), .. Repeat((byte)']', 3 << 20)]);
        yield return Pickle("more marks than any checkpoint", "more than", () => [.. new PickleBytes().ToArray(), .. Repeat((byte)'(', 3 << 20)]);
        yield return Pickle("memo bomb", "more than", () => [.. new PickleBytes(4).Dict().ToArray(), .. Repeat(0x94, 3 << 20)]);
        yield return Pickle("memo that was never kept", "never kept", () => new PickleBytes().Get(7).Stop());
        yield return Pickle("nothing on the stack", "never gave", () => new PickleBytes().Op((byte)'0').Stop());
        yield return Pickle("tuple without a mark", "never gave", () => new PickleBytes().Tuple().Stop());
        yield return Pickle("values under a mark", "never gave", () => new PickleBytes().Dict().Mark().Op((byte)'s').Stop());
        yield return Pickle("append to a dict", "not a list", () => new PickleBytes().Dict().Dict().Op((byte)'a').Stop());
        yield return Pickle("no STOP", "ends early", () => new PickleBytes().Dict().ToArray());
        yield return Pickle("protocol 0", "protocol", () => "(dp0\n."u8.ToArray());
    }

    private static IEnumerable<(string Name, string Reason, Func<byte[]> File)> Tensors()
    {
        yield return Tensor("negative stride", "stride", 4, [4], [-1], 3);
        yield return Tensor("negative offset", "offset", 4, [4], [1], -1);
        yield return Tensor("negative extent", "extent", 4, [-4], [1], 0);
        yield return Tensor("offset past the end", "does not fit", 4, [1], [1], 4);
        yield return Tensor("one stride too far", "does not fit", 4, [2], [4], 0);
        yield return Tensor("element count overflows", "does not fit", 4, [Huge, Huge, 4], [0, 0, 0], 0);
        yield return Tensor("stride overflows", "does not fit", 4, [3, 3], [long.MaxValue, long.MaxValue], 0);
        yield return Tensor("offset overflows", "does not fit", 4, [2], [1], long.MaxValue);
        yield return Tensor("fewer strides than extents", "strides", 4, [2, 2], [1], 0);
        yield return Tensor("repeated without end", "larger than", 4, [1L << 40], [0], 0);
        yield return Tensor("storage longer than its part", "has 16 bytes", 5, [1], [1], 0);
        yield return Tensor("storage size overflows", "claims", long.MaxValue, [1], [1], 0);
        yield return Tensor("storage of negative size", "negative", -1, [0], [1], 0);
        yield return Pickle("storage key without end", "overlong", () => new PickleBytes().Dict().Text("w").Tensor(new string('0', 100_000), 1, [1], [1]).Op((byte)'s').Stop());
        yield return Pickle("storage key that climbs", "missing", () => new PickleBytes().Dict().Text("w").Tensor("../data.pkl", 1, [1], [1]).Op((byte)'s').Stop());
        yield return Pickle("storage of an unknown kind", "torch.ComplexFloatStorage", () => new PickleBytes().Storage("0", 1, "ComplexFloatStorage").Stop());
        yield return Pickle("persistent id that is a text", "not a storage", () => new PickleBytes().Text("0").Op((byte)'Q').Stop());
        yield return Pickle("negated view", "arguments", () => new PickleBytes().Global("torch._utils", "_rebuild_tensor_v2").Mark().Storage("0", 4)
            .Integer(0).Integers(4).Integers(1).Op(0x89).Dict().Dict().Text("neg").Op(0x88).Op((byte)'s').Tuple().Reduce().Stop());
    }

    private static IEnumerable<(string Name, string Reason, Func<byte[]> File)> Zips()
    {
        byte[] good = GoodPickle();
        (string, byte[]) storage = ("0", new byte[16]);
        yield return ("entry of a claimed size", "not where", () => new ZipBytes { Entry = Set("data/0", 24, 0x7FFFFFF0, alsoAt: 20) }.Torch(good, "little", storage));
        yield return ("entry past the end", "outside", () => new ZipBytes { Entry = Set("data/0", 42, 0x7FFFFFF0) }.Torch(good, "little", storage));
        yield return ("entry over another", "two names", () => new ZipBytes { Entry = Set("data/0", 42, 0) }.Torch(good, "little", storage));
        yield return ("encrypted entry", "encrypted", () => new ZipBytes { Entry = Set16("data.pkl", 8, 1) }.Torch(good, "little", storage));
        yield return ("compressed entry", "compressed", () => new ZipBytes { Entry = Set16("data/0", 10, 8) }.Torch(good, "little", storage));
        yield return ("zip64 sizes that are missing", "zip64", () => new ZipBytes { Entry = Set("data/0", 24, uint.MaxValue) }.Torch(good, "little", storage));
        yield return ("directory that is not there", "does not fit", () => new ZipBytes { End = end => BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), 0x7FFFFFF0) }.Torch(good, "little", storage));
        yield return ("directory of more entries than bytes", "does not fit", () => new ZipBytes { End = end => BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), 60000) }.Torch(good, "little", storage));
        yield return ("directory of another place", "not valid", () => new ZipBytes { End = end => BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), 0) }.Torch(good, "little", storage));
        yield return ("unknown byte order", "byte order", () => new ZipBytes().Torch(good, "middle", storage));
        yield return ("no data.pkl", "without a data.pkl", () => ZipOf(("a/readme", [1])));
        yield return ("two of data.pkl", "more than one", () => ZipOf(("a/data.pkl", good), ("b/data.pkl", good)));
        yield return ("one part twice", "twice", () => ZipOf(("a/data.pkl", good), ("a/data.pkl", good)));
        yield return ("zip bomb", "compressed", ZipBomb);
        yield return ("pickle larger than any", "larger than", () => ZipOf(("a/data.pkl", new byte[17 << 20])));
    }

    public static byte[] GoodPickle() => new PickleBytes().Dict().Mark().Text("w").Tensor("0", 4, [2, 2], [1, 2]).SetItems().Stop();

    private static (string Name, string Reason, Func<byte[]> File) Pickle(string name, string reason, Func<byte[]> pickle) =>
        (name, reason, () => new ZipBytes().Torch(pickle(), "little", ("0", new byte[16])));

    private static (string Name, string Reason, Func<byte[]> File) Tensor(string name, string reason, long count, long[] shape, long[] strides, long offset) =>
        Pickle(name, reason, () => new PickleBytes().Dict().Mark().Text("w").Tensor("0", count, shape, strides, offset).SetItems().Stop());

    private static byte[] Repeat(byte value, int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] ZipOf(params (string Name, byte[] Bytes)[] entries)
    {
        using MemoryStream stream = new();
        ZipBytes zip = new();
        foreach ((string name, byte[] bytes) in entries)
        {
            zip.Add(stream, name, bytes);
        }

        zip.Finish(stream);
        return stream.ToArray();
    }

    private static byte[] ZipBomb()
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream pickle = archive.CreateEntry("a/data.pkl", CompressionLevel.SmallestSize).Open();
            pickle.Write(new PickleBytes().ToArray());
            byte[] block = Repeat((byte)']', 1 << 20);
            for (int i = 0; i < 64; i++)
            {
                pickle.Write(block);
            }
        }

        return stream.ToArray();
    }

    private static Action<string, byte[]> Set(string ending, int at, uint value, int? alsoAt = null) => (name, entry) =>
    {
        if (name.EndsWith(ending, StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(at), value);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(alsoAt ?? at), value);
        }
    };

    private static Action<string, byte[]> Set16(string ending, int at, ushort value) => (name, entry) =>
    {
        if (name.EndsWith(ending, StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(at), value);
        }
    };
}
