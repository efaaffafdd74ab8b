using static System.FormattableString;

namespace LatentSync.GpuBundle;

/// <summary>One buffer of a case: what it holds at first, and how a case's file says so.</summary>
/// <param name="Element">Its elements.</param>
/// <param name="Initial">What it holds at first.</param>
/// <param name="Content">The same as the file says it: a formula with its seed, a byte, or all bytes.</param>
internal sealed record CaseBuffer(CaseElement Element, byte[] Initial, string Content)
{
    public int ElementSize => Element switch
    {
        CaseElement.UInt8 => sizeof(byte),
        CaseElement.Int16 => sizeof(short),
        _ => sizeof(int),
    };

    public int Count => Initial.Length / ElementSize;

    public static CaseBuffer Bytes(int count, uint seed) =>
        new(CaseElement.UInt8, Formula.Generate(count, index => (byte)Formula.Mix(index, seed)), Invariant($"bytes {seed:x}"));

    public static CaseBuffer Integers(int count, uint seed, int bits) =>
        new(CaseElement.Int32, Formula.Generate(count, index => Formula.Integer(index, seed, bits)), Invariant($"ints {seed:x} {bits}"));

    public static CaseBuffer Floats(int count, uint seed, float scale) => new(
        CaseElement.Float32,
        Formula.Generate(count, index => Formula.Float(index, seed, scale)),
        Invariant($"floats {seed:x} {BitConverter.SingleToUInt32Bits(scale):x8}"));

    public static CaseBuffer Fractions(int count, uint seed) =>
        new(CaseElement.Float32, Formula.Generate(count, index => Formula.Fraction(index, seed)), Invariant($"fractions {seed:x}"));

    public static CaseBuffer Filled(CaseElement element, int sizeInBytes, byte value)
    {
        byte[] bytes = new byte[sizeInBytes];
        bytes.AsSpan().Fill(value);
        return new CaseBuffer(element, bytes, Invariant($"fill {value:x2}"));
    }

    public static CaseBuffer Data(CaseElement element, ReadOnlySpan<byte> bytes) =>
        new(element, bytes.ToArray(), $"data {Convert.ToHexStringLower(bytes)}");
}
