using System.Numerics;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels.Simd;

/// <summary>Elementwise work on pixels and latents.</summary>
internal static class PixelMath
{
    /// <summary>Bytes to planes of -1..1, and the same times the mask.</summary>
    public static void NormalizeAndMask(ReadOnlySpan<byte> rgb, ReadOnlySpan<float> mask, Span<float> pixels, Span<float> maskedPixels)
    {
        int count = mask.Length;
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Span<Vector128<byte>> channels = stackalloc Vector128<byte>[3];
            for (; i <= count - 16; i += 16)
            {
                ReadOnlySpan<byte> bytes = rgb.Slice(i * 3, 48);
                Vector128<byte> a = Vector128.Create(bytes[..16]), b = Vector128.Create(bytes[16..32]), c = Vector128.Create(bytes[32..]);
                channels[0] = Pick(a, b, c, RedOfFirst, RedOfSecond, RedOfThird);
                channels[1] = Pick(a, b, c, GreenOfFirst, GreenOfSecond, GreenOfThird);
                channels[2] = Pick(a, b, c, BlueOfFirst, BlueOfSecond, BlueOfThird);
                for (int channel = 0; channel < 3; channel++)
                {
                    (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(channels[channel]);
                    WriteEight(low, mask.Slice(i, 8), pixels[((channel * count) + i)..], maskedPixels[((channel * count) + i)..]);
                    WriteEight(high, mask.Slice(i + 8, 8), pixels[((channel * count) + i + 8)..], maskedPixels[((channel * count) + i + 8)..]);
                }
            }
        }

        for (; i < count; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                float value = (rgb[(i * 3) + channel] / 255f * 2f) - 1f;
                pixels[(channel * count) + i] = value;
                maskedPixels[(channel * count) + i] = value * mask[i];
            }
        }
    }

    /// <summary>One step of a scheduler that is linear in sample and model output, with guidance: <c>x = a*x + b*(e0 + g*(e1 - e0))</c>.</summary>
    public static void GuidedStep(
        ReadOnlySpan<float> unconditional, ReadOnlySpan<float> conditional, float guidance, float sampleFactor, float outputFactor, Span<float> sample)
    {
        Vector<float> g = new(guidance), a = new(sampleFactor), b = new(outputFactor);
        int i = 0;
        for (; i <= sample.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> e0 = new(unconditional[i..]), e1 = new(conditional[i..]), x = new(sample[i..]);
            ((a * x) + (b * (e0 + (g * (e1 - e0))))).CopyTo(sample[i..]);
        }

        for (; i < sample.Length; i++)
        {
            float e = unconditional[i] + (guidance * (conditional[i] - unconditional[i]));
            sample[i] = (sampleFactor * sample[i]) + (outputFactor * e);
        }
    }

    /// <summary>The step without guidance: <c>x = a*x + b*e</c>.</summary>
    public static void Step(ReadOnlySpan<float> output, float sampleFactor, float outputFactor, Span<float> sample)
    {
        Vector<float> a = new(sampleFactor), b = new(outputFactor);
        int i = 0;
        for (; i <= sample.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            ((a * new Vector<float>(sample[i..])) + (b * new Vector<float>(output[i..]))).CopyTo(sample[i..]);
        }

        for (; i < sample.Length; i++)
        {
            sample[i] = (sampleFactor * sample[i]) + (outputFactor * output[i]);
        }
    }

    /// <summary>Planes mixed by one mask: <c>decoded*(1-mask) + original*mask</c>.</summary>
    public static void KeepOriginal(ReadOnlySpan<float> original, ReadOnlySpan<float> mask, Span<float> decoded)
    {
        for (int plane = 0; plane < decoded.Length; plane += mask.Length)
        {
            ReadOnlySpan<float> from = original.Slice(plane, mask.Length);
            Span<float> to = decoded.Slice(plane, mask.Length);
            int i = 0;
            for (; i <= mask.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> m = new(mask[i..]);
                ((new Vector<float>(to[i..]) * (Vector<float>.One - m)) + (new Vector<float>(from[i..]) * m)).CopyTo(to[i..]);
            }

            for (; i < mask.Length; i++)
            {
                to[i] = (to[i] * (1f - mask[i])) + (from[i] * mask[i]);
            }
        }
    }

    private static void WriteEight(Vector128<ushort> bytes, ReadOnlySpan<float> mask, Span<float> pixels, Span<float> maskedPixels)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(bytes);
        Vector256<float> value = Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
        value = (value / Vector256.Create(255f) * Vector256.Create(2f)) - Vector256<float>.One;
        value.CopyTo(pixels);
        (value * Vector256.Create(mask)).CopyTo(maskedPixels);
    }

    private static Vector128<byte> Pick(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> ofA, Vector128<byte> ofB, Vector128<byte> ofC) =>
        Vector128.Shuffle(a, ofA) | Vector128.Shuffle(b, ofB) | Vector128.Shuffle(c, ofC);

    // Every third byte of 48, as shuffles of three 16-byte loads; 255 leaves a zero.
    private static Vector128<byte> RedOfFirst => Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);

    private static Vector128<byte> RedOfSecond => Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255);

    private static Vector128<byte> RedOfThird => Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13);

    private static Vector128<byte> GreenOfFirst => Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);

    private static Vector128<byte> GreenOfSecond => Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255);

    private static Vector128<byte> GreenOfThird => Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14);

    private static Vector128<byte> BlueOfFirst => Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);

    private static Vector128<byte> BlueOfSecond => Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255);

    private static Vector128<byte> BlueOfThird => Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15);
}
