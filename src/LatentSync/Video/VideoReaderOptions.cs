namespace LatentSync.Video;

/// <summary>What is read of a video, and how.</summary>
public sealed record VideoReaderOptions
{
    /// <summary>Frames per second delivered. The nearest frame of the source is taken for each moment; frames are never mixed.</summary>
    public Rational FrameRate { get; init; } = Rational.Fps25;

    /// <summary>Where in the video reading starts; the first frame at or after it is frame 0.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>How much is read at most; null for all.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many frames are decoded ahead of the reader at most.</summary>
    public int ReadAhead { get; init; } = 4;

    /// <summary>Decoder threads; 0 leaves it to ffmpeg.</summary>
    public int Threads { get; init; }

    /// <summary>Told, in one line, about damage that the decoder got over; may be called from another thread.</summary>
    public Action<string>? Warning { get; init; }
}
