using System.Buffers.Binary;
using System.Text;

namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>Writes pickles opcode by opcode, so that tests can say what no honest program would write. Opcodes: Python's <c>pickletools</c>.</summary>
internal sealed class PickleBytes
{
    private readonly MemoryStream _bytes = new();

    public PickleBytes(int protocol = 2)
    {
        Op(0x80, (byte)protocol);
    }

    public byte[] ToArray() => _bytes.ToArray();

    public PickleBytes Op(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleBytes Mark() => Op((byte)'(');

    public PickleBytes Tuple() => Op((byte)'t');

    public PickleBytes Dict() => Op((byte)'}');

    public PickleBytes SetItems() => Op((byte)'u');

    public PickleBytes Reduce() => Op((byte)'R');

    public PickleBytes Put(byte index) => Op((byte)'q', index);

    public PickleBytes Get(byte index) => Op((byte)'h', index);

    public byte[] Stop() => Op((byte)'.').ToArray();

    public PickleBytes Text(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        return Op((byte)'X').UInt32((uint)utf8.Length).Op(utf8);
    }

    public PickleBytes Integer(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Op(0x8a, 8).Op(bytes);
    }

    public PickleBytes Integers(params ReadOnlySpan<long> values)
    {
        Mark();
        foreach (long value in values)
        {
            Integer(value);
        }

        return Tuple();
    }

    public PickleBytes Global(string module, string name) => Op((byte)'c').Op(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleBytes UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Op(bytes);
    }

    public PickleBytes UInt64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Op(bytes);
    }

    public PickleBytes Storage(string key, long count, string type = "FloatStorage", string module = "torch") =>
        Mark().Text("storage").Global(module, type).Text(key).Text("cpu").Integer(count).Tuple().Op((byte)'Q');

    /// <summary>A tensor as <c>torch.save</c> writes it.</summary>
    public PickleBytes Tensor(string key, long count, long[] shape, long[] strides, long offset = 0, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Mark().Storage(key, count, type).Integer(offset).Integers(shape).Integers(strides)
            .Op(0x89).Global("collections", "OrderedDict").Op((byte)')').Reduce().Tuple().Reduce();
}
