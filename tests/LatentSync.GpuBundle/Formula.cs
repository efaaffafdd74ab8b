using System.Runtime.InteropServices;

namespace LatentSync.GpuBundle;

/// <summary>Inputs by formula, computed alike by <c>native/gpu-check/formula.hpp</c>: integers that wrap, and floats that are exact.</summary>
internal static class Formula
{
    /// <summary>32 well-mixed bits of an element's index.</summary>
    public static uint Mix(uint index, uint seed)
    {
        uint bits = unchecked((index * 0x9E3779B9) + seed);
        bits = unchecked((bits ^ (bits >> 16)) * 0x7FEB352D);
        bits = unchecked((bits ^ (bits >> 15)) * 0x846CA68B);
        return bits ^ (bits >> 16);
    }

    /// <summary>A float in [-1, 1) on a grid of 2^-23, times the scale.</summary>
    public static float Float(uint index, uint seed, float scale) => ((int)(Mix(index, seed) >> 8) - 0x800000) * (1f / 0x800000) * scale;

    /// <summary>A float in [0, 1) on a grid of 2^-24.</summary>
    public static float Fraction(uint index, uint seed) => (Mix(index, seed) >> 8) * (1f / 0x1000000);

    /// <summary>An integer in [0, 2^bits), for 1 to 31 bits.</summary>
    public static int Integer(uint index, uint seed, int bits) => (int)(Mix(index, seed) >> (32 - bits));

    /// <summary>The bytes of what <paramref name="value"/> gives for each index.</summary>
    public static byte[] Generate<T>(int count, Func<uint, T> value)
        where T : unmanaged
    {
        T[] values = [.. Enumerable.Range(0, count).Select(index => value((uint)index))];
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }
}
