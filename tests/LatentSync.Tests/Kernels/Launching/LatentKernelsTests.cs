using System.Numerics.Tensors;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;

namespace LatentSync.Tests.Kernels.Launching;

/// <summary>Moving latents between the networks' layouts; the arithmetic is that of the VAE's stages on the host, to the bit.</summary>
public sealed class LatentKernelsTests : IDisposable
{
    private const int Channels = 4, Frames = 3, Plane = 6;

    private readonly IlgpuLauncher _launcher = new();

    [Theory]
    [InlineData(0.18215f, 0f)]
    [InlineData(0.13025f, 0.0609f)]
    public void PlaceLatents_EachFrame_LiesInItsPlanesScaled(float scale, float shift)
    {
        const int First = 5, All = 13;
        float[] untouched = new float[All * Frames * Plane], expected = new float[untouched.Length];
        DeviceView<float> input = _launcher.Upload<float>(untouched);
        for (int f = 0; f < Frames; f++)
        {
            float[] frame = Values(f, Channels * Plane), scaled = [.. frame];
            TensorPrimitives.Subtract(scaled, shift, scaled);
            TensorPrimitives.Multiply(scaled, scale, scaled);
            for (int c = 0; c < Channels; c++)
            {
                scaled.AsSpan(c * Plane, Plane).CopyTo(expected.AsSpan((((First + c) * Frames) + f) * Plane));
            }

            _launcher.PlaceLatents(_launcher.Upload<float>(frame), input, First, f, Frames, Plane, shift, scale);
        }

        AssertSameBits(expected, _launcher.Download(input));
    }

    [Theory]
    [InlineData(0.18215f, 0f)]
    [InlineData(0.13025f, 0.0609f)]
    public void TakeLatents_EachFrame_IsUnscaled(float scale, float shift)
    {
        float[] latents = Values(7, Channels * Frames * Plane);
        latents[^1] = -0f;
        DeviceView<float> onDevice = _launcher.Upload<float>(latents), taken = _launcher.Allocate<float>(Channels * Plane);
        for (int f = 0; f < Frames; f++)
        {
            float[] expected = new float[Channels * Plane];
            for (int c = 0; c < Channels; c++)
            {
                latents.AsSpan(((c * Frames) + f) * Plane, Plane).CopyTo(expected.AsSpan(c * Plane));
            }

            TensorPrimitives.Divide(expected, scale, expected);
            if (shift != 0)
            {
                TensorPrimitives.Add(expected, shift, expected);
            }

            _launcher.TakeLatents(onDevice, taken, f, Frames, Plane, shift, scale);
            AssertSameBits(expected, _launcher.Download(taken));
        }
    }

    public void Dispose() => _launcher.Dispose();

    private static float[] Values(int seed, int length) => [.. Enumerable.Range(0, length).Select(i => MathF.Sin((i * 1.7f) + seed) * 5)];

    private static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), actual.Select(BitConverter.SingleToUInt32Bits));
}
