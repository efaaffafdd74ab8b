using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>What an avatar is made of.</summary>
public sealed record AvatarOptions
{
    /// <summary>The video: any local file that ffmpeg decodes.</summary>
    public required string VideoPath { get; init; }

    /// <summary>The avatar; written beside and renamed when it is whole.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Side of the aligned face in pixels, a multiple of 64; null takes the pack's. Jobs with the avatar have the same.</summary>
    public int? Resolution { get; init; }

    /// <summary>Frames per second, 1 to 120. Jobs with the avatar have the same.</summary>
    public Rational FrameRate { get; init; } = Rational.Fps25;

    /// <summary>Where in the video the avatar begins.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>How much of the video is used at most; null takes all.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Frames from one run of the face detector to the next at most; 1 detects in every frame (see <see cref="LipSyncOptions.DetectEvery"/>).</summary>
    public int DetectEvery { get; init; } = 1;
}
