namespace LatentSync.Video;

/// <summary>What a video file says about its picture.</summary>
public sealed record VideoInfo
{
    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>ffmpeg's name of the container format.</summary>
    public required string Format { get; init; }

    /// <summary>ffmpeg's name of the codec.</summary>
    public required string Codec { get; init; }

    /// <summary>ffmpeg's index of the chosen stream among all of the file's.</summary>
    public required int StreamIndex { get; init; }

    /// <summary>Width in pixels of the stored picture.</summary>
    public required int CodedWidth { get; init; }

    /// <summary>Height in pixels of the stored picture.</summary>
    public required int CodedHeight { get; init; }

    /// <summary>Width in pixels after rotation: the width of the frames that are read.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels after rotation: the height of the frames that are read.</summary>
    public required int Height { get; init; }

    /// <summary>Clockwise turn in degrees, 0 to 359, that the file asks players for; frames are read with it applied.</summary>
    public required int RotationDegrees { get; init; }

    /// <summary>Width : height of a pixel after rotation; 1:1 if the file does not say.</summary>
    public required Rational SampleAspectRatio { get; init; }

    /// <summary>Average frame rate of the file, exact; not positive if unknown.</summary>
    public required Rational FrameRate { get; init; }

    /// <summary>Length as the container states it; null if it does not.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>How long after the container's own start the first frame is shown; zero unless the picture starts later than the sound.</summary>
    public TimeSpan StartOffset { get; init; }

    /// <summary>ffmpeg's name of the pixel format, <c>yuv420p</c>, <c>yuv420p10le</c>, <c>gbrp</c>, ...</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Range, matrix, primaries and transfer.</summary>
    public required VideoColor Color { get; init; }

    /// <summary>Whether the file has an audio stream as well.</summary>
    public required bool HasAudio { get; init; }

    /// <summary>
    /// How many frames reading will give, going by the container's duration: an estimate, since durations are rounded and files may be cut
    /// short. Null if the container states no duration.
    /// </summary>
    /// <param name="frameRate">Frames per second read.</param>
    /// <param name="start">Where reading starts.</param>
    /// <param name="duration">How much is read at most.</param>
    public int? EstimateFrameCount(Rational frameRate, TimeSpan start = default, TimeSpan? duration = null)
    {
        if (Duration is not { } total)
        {
            return null;
        }

        double seconds = Math.Max(0, (total - start).TotalSeconds);
        seconds = Math.Min(seconds, duration?.TotalSeconds ?? double.MaxValue);
        return (int)Math.Clamp(Math.Round(seconds * frameRate.Value, MidpointRounding.AwayFromZero), 0, int.MaxValue);
    }
}
