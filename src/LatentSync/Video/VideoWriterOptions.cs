namespace LatentSync.Video;

/// <summary>How a video is encoded.</summary>
public sealed record VideoWriterOptions
{
    /// <summary>Frames per second, exact.</summary>
    public Rational FrameRate { get; init; } = Rational.Fps25;

    /// <summary>x264's constant rate factor, 0 (nearly lossless) to 51; 18 as the original.</summary>
    public int Crf { get; init; } = 18;

    /// <summary>x264's preset: one of ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow.</summary>
    public string Preset { get; init; } = "medium";

    /// <summary>The source's colour description (<see cref="VideoInfo.Color"/>): frames are converted and tagged accordingly.</summary>
    public VideoColor Color { get; init; } = VideoColor.Unspecified;

    /// <summary>Width : height of a pixel (<see cref="VideoInfo.SampleAspectRatio"/>).</summary>
    public Rational SampleAspectRatio { get; init; } = Rational.One;

    /// <summary>The recording whose first audio stream becomes the sound, as AAC at its own sample rate and channels; null: a silent video.</summary>
    public string? AudioPath { get; init; }

    /// <summary>Where in the recording the sound starts.</summary>
    public TimeSpan AudioStart { get; init; }

    /// <summary>How much of the recording is used at most; null for all that follows the start.</summary>
    public TimeSpan? AudioDuration { get; init; }

    /// <summary>Whether a file of that name may be replaced, once the new one is whole.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Files of the job that must not be written over, whatever <see cref="Overwrite"/> says; the recording always counts.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Encoder threads; 0 leaves it to x264. The same number gives the same bytes.</summary>
    public int Threads { get; init; }
}
