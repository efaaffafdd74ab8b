namespace LatentSync.Audio;

/// <summary>The constants of Whisper's front end; every stage that hears uses these.</summary>
public static class AudioFormat
{
    /// <summary>Samples a second, mono.</summary>
    public const int SampleRate = 16000;

    /// <summary>Samples between two mel columns: 100 columns a second.</summary>
    public const int HopLength = 160;

    /// <summary>Length of the analysis window and of the Fourier transform, in samples.</summary>
    public const int FourierLength = 400;

    /// <summary>Bins of the one-sided spectrum.</summary>
    public const int SpectrumBins = (FourierLength / 2) + 1;

    /// <summary>Mel bands.</summary>
    public const int MelBands = 80;

    /// <summary>Mel columns that the encoder takes at a time: 30 s.</summary>
    public const int SegmentColumns = 3000;

    /// <summary>Feature rows that the encoder gives for a segment; its second convolution halves the rate.</summary>
    public const int SegmentRows = SegmentColumns / 2;

    /// <summary>Feature rows a second.</summary>
    public const int RowsPerSecond = SampleRate / HopLength / 2;

    /// <summary>Fewest samples that give one feature row (20 ms); also enough for the reflection at the borders (201).</summary>
    public const int MinimumSamples = 2 * HopLength;
}
