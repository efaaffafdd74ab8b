namespace LatentSync.Models.Onnx;

/// <summary>
/// 8-bit floats with 4 exponent and 3 mantissa bits, finite only (E4M3FN; Micikevicius et al., "FP8 Formats for Deep Learning", 2022): bias 7, largest 448,
/// least normal 2^-6, least subnormal 2^-9, NaN 0x7F.
/// </summary>
internal static class Float8
{
    /// <summary>The largest number.</summary>
    public const float Largest = 448;

    private const byte NotANumber = 0x7F;
    private const int MantissaBits = 3;
    private const int LeastExponent = -6;

    /// <summary>Rounds to nearest, ties to even; what lies beyond the largest number becomes it, as QuantizeLinear saturates.</summary>
    public static byte FromSingle(float value)
    {
        if (float.IsNaN(value))
        {
            return NotANumber;
        }

        byte sign = (byte)(BitConverter.SingleToUInt32Bits(value) >> 31 << 7);
        float magnitude = MathF.Min(MathF.Abs(value), Largest);
        int exponent = magnitude < MathF.ScaleB(1, LeastExponent) ? LeastExponent : (int)(BitConverter.SingleToUInt32Bits(magnitude) >> 23) - 127;

        // In units of the last place; exact, for a power of two scales. A carry out of the mantissa is the next exponent's first number.
        int units = (int)MathF.Round(MathF.ScaleB(magnitude, MantissaBits - exponent), MidpointRounding.ToEven);
        int code = units + ((exponent - LeastExponent) << MantissaBits);
        return (byte)(sign | code);
    }

    /// <summary>The number that a code stands for.</summary>
    public static float ToSingle(byte code)
    {
        int magnitude = code & 0x7F, exponent = magnitude >> MantissaBits, mantissa = magnitude & 7;
        float value = magnitude == NotANumber ? float.NaN
            : exponent == 0 ? MathF.ScaleB(mantissa, LeastExponent - MantissaBits)
            : MathF.ScaleB(mantissa + 8, exponent + LeastExponent - 1 - MantissaBits);
        return (code & 0x80) == 0 ? value : -value;
    }
}
