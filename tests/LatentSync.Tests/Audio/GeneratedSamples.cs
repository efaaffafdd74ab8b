using LatentSync.Audio;

namespace LatentSync.Tests.Audio;

/// <summary>A rising and falling tone with a little noise, computed where it is read.</summary>
internal sealed class GeneratedSamples(long count) : ISampleSource
{
    public long SampleCount => count;

    public void Read(long start, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            long n = start + i;
            uint noise = (uint)n * 2654435761u;
            destination[i] = (0.5f * MathF.Sin(n % 16000 * (0.05f + (n / 4000 % 10 * 0.02f)))) + (((noise >> 16) / 65536f) - 0.5f) * 0.01f;
        }
    }
}
