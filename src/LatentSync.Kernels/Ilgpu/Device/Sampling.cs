using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>What several kernels do with coordinates and bytes; inlined into them.</summary>
internal static class Sampling
{
    /// <summary>Value of a tap outside the source: the original's fill colour.</summary>
    public const float Border = 127;

    /// <summary>Keeps a coordinate near the source, so that its floor fits an integer; from two pixels off on, every tap is outside anyway.</summary>
    public static double Confine(double at, int size) => IntrinsicMath.Max(-2.0, IntrinsicMath.Min(at, size + 1.0));

    /// <summary>Floor of a coordinate that fits an integer.</summary>
    public static int Floor(double at)
    {
        int whole = (int)at;
        return whole > at ? whole - 1 : whole;
    }

    /// <summary>a + weight*(b - a).</summary>
    public static float Mix(float a, float b, float weight) => a + (weight * (b - a));

    /// <summary>Truncates to a byte; values beyond it saturate.</summary>
    public static byte Truncate(float value) => (byte)(int)IntrinsicMath.Max(0f, IntrinsicMath.Min(value, 255f));
}
