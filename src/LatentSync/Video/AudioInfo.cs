namespace LatentSync.Video;

/// <summary>What a file says about its first audio stream.</summary>
public sealed record AudioInfo
{
    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>ffmpeg's name of the container format.</summary>
    public required string Format { get; init; }

    /// <summary>ffmpeg's name of the codec.</summary>
    public required string Codec { get; init; }

    /// <summary>Samples per second.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Number of channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Length as the container states it; null if it does not.</summary>
    public required TimeSpan? Duration { get; init; }
}
