namespace LatentSync.Audio;

/// <summary>A mono recording at 16 kHz that can be read anywhere.</summary>
public interface ISampleSource
{
    /// <summary>Number of samples at 16 kHz.</summary>
    long SampleCount { get; }

    /// <summary>Copies consecutive samples.</summary>
    /// <param name="start">Index of the first sample; the whole range lies inside the recording.</param>
    /// <param name="destination">Receives the samples, -1 to 1 (16-bit integers divided by 32768).</param>
    void Read(long start, Span<float> destination);
}
