using LatentSync.Audio;

namespace LatentSync.Tests.Audio;

/// <summary>A recording in memory.</summary>
internal sealed class MemorySamples(float[] samples) : ISampleSource
{
    public long SampleCount => samples.Length;

    public void Read(long start, Span<float> destination) => samples.AsSpan((int)start, destination.Length).CopyTo(destination);
}
