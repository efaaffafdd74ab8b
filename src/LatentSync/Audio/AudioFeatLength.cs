namespace LatentSync.Audio;

/// <summary>How far a frame's audio window reaches, in video frames at 25 fps: the config's <c>data.audio_feat_length</c>.</summary>
/// <param name="Before">Frames before the frame itself.</param>
/// <param name="After">Frames after it.</param>
public readonly record struct AudioFeatLength(int Before, int After)
{
    /// <summary>The original's <c>[2, 2]</c>: 10 rows, 200 ms.</summary>
    public static AudioFeatLength Default { get; } = new(2, 2);

    /// <summary>Feature rows in a window: two for each frame.</summary>
    public int Rows => 2 * (Before + After + 1);
}
