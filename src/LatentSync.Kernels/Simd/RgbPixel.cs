using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels.Simd;

/// <summary>One RGB pixel in the lower three lanes of a 128-bit vector.</summary>
internal static class RgbPixel
{
    /// <summary>Loads three bytes, no more, as floats 0..255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ref byte pixel) =>
        ToSingle(Unsafe.ReadUnaligned<ushort>(ref pixel) | ((uint)Unsafe.Add(ref pixel, 2) << 16));

    /// <summary>Loads four bytes (the fourth belongs to the next pixel) as floats 0..255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadFour(ref byte pixel) => ToSingle(Unsafe.ReadUnaligned<uint>(ref pixel));

    /// <summary>Truncates values in 0..255 to three bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, ref byte pixel)
    {
        Vector128<int> whole = Vector128.ConvertToInt32(value);
        Vector128<byte> bytes = Vector128.Shuffle(whole.AsByte(), Vector128.Create(0, 4, 8, 12, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255));
        uint packed = bytes.AsUInt32().ToScalar();
        Unsafe.WriteUnaligned(ref pixel, (ushort)packed);
        Unsafe.Add(ref pixel, 2) = (byte)(packed >> 16);
    }

    /// <summary>a + weight*(b - a): a flat region stays exactly what it is, whatever the weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Mix(Vector128<float> a, Vector128<float> b, Vector128<float> weight) => a + (weight * (b - a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ToSingle(uint bytes) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte())).AsInt32());
}
