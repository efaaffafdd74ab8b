using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LatentSync.Models.Checkpoints;

/// <summary>Turns stored elements into float32: exact for all types of up to 16 bits, rounded to nearest for the rest.</summary>
internal static class ElementWidening
{
    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(bits => FromE4M3((byte)bits))];

    public static void ToSingle(CheckpointDType dtype, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (dtype)
        {
            case CheckpointDType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case CheckpointDType.BFloat16:
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(source);
                for (int i = 0; i < upper.Length; i++)
                {
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                }

                break;
            case CheckpointDType.Float8E4M3:
                for (int i = 0; i < source.Length; i++)
                {
                    destination[i] = E4M3[source[i]];
                }

                break;
            case CheckpointDType.Float8E5M2:
                for (int i = 0; i < source.Length; i++)
                {
                    destination[i] = (float)BitConverter.UInt16BitsToHalf((ushort)(source[i] << 8));
                }

                break;
            case CheckpointDType.Float64:
                Convert<double>(source, destination);
                break;
            case CheckpointDType.Int64:
                Convert<long>(source, destination);
                break;
            case CheckpointDType.UInt64:
                Convert<ulong>(source, destination);
                break;
            case CheckpointDType.Int32:
                Convert<int>(source, destination);
                break;
            case CheckpointDType.UInt32:
                Convert<uint>(source, destination);
                break;
            case CheckpointDType.Int16:
                Convert<short>(source, destination);
                break;
            case CheckpointDType.UInt16:
                Convert<ushort>(source, destination);
                break;
            case CheckpointDType.Int8:
                Convert<sbyte>(source, destination);
                break;
            case CheckpointDType.Bool or CheckpointDType.UInt8:
                Convert<byte>(source, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(dtype), dtype, null);
        }
    }

    private static void Convert<T>(ReadOnlySpan<byte> source, Span<float> destination)
        where T : unmanaged, System.Numerics.INumberBase<T> =>
        TensorPrimitives.ConvertTruncating<T, float>(MemoryMarshal.Cast<byte, T>(source), destination);

    // Bias 7; exponent 0 is subnormal; all ones in exponent and mantissa is NaN (OCP 8-bit floating point, 5.1).
    private static float FromE4M3(byte bits)
    {
        int exponent = (bits >> 3) & 0xF, mantissa = bits & 7;
        float magnitude = (exponent, mantissa) switch
        {
            (0xF, 7) => float.NaN,
            (0, _) => MathF.ScaleB(mantissa, -9),
            _ => MathF.ScaleB(8 + mantissa, exponent - 10),
        };
        return bits < 0x80 ? magnitude : -magnitude;
    }
}
