namespace LatentSync.Audio;

/// <summary>Which part of a recording is decoded, and with which ffmpeg.</summary>
public sealed record AudioDecodeOptions
{
    /// <summary>Where to begin, counted from the recording's first sample: a stream that starts late in its container, or has holes, is heard without them.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>How much to decode; null decodes to the end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The folder that holds ffmpeg; null finds it on the search path.</summary>
    public string? FfmpegFolder { get; init; }
}
