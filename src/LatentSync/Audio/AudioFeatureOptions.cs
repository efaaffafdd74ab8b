namespace LatentSync.Audio;

/// <summary>How a recording's features are extracted and kept.</summary>
public sealed record AudioFeatureOptions
{
    /// <summary>The job's folder for temporary files; made if it is missing. Everything put there is removed again.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>How far a frame's window reaches: the config's <c>data.audio_feat_length</c>.</summary>
    public AudioFeatLength FeatLength { get; init; } = AudioFeatLength.Default;

    /// <summary>Which part of the recording, and with which ffmpeg.</summary>
    public AudioDecodeOptions Decode { get; init; } = new();

    /// <summary>Features of earlier jobs; null computes anew and keeps nothing.</summary>
    public AudioFeatureCache? Cache { get; init; }

    /// <summary>What tells this encoder from any other, such as the SHA-256 of its graph and weights. Without it nothing is cached.</summary>
    public string? ModelHash { get; init; }
}
