namespace LatentSync.Video;

/// <summary>How a video that may be shorter than its sound is read.</summary>
public sealed record LoopingVideoOptions
{
    /// <summary>What is read of the video.</summary>
    public VideoReaderOptions Reader { get; init; } = new();

    /// <summary>Where frames are kept that will be shown again; it must exist. The system's temporary folder by default.</summary>
    public string TempDirectory { get; init; } = Path.GetTempPath();

    /// <summary>Told when frames begin to be kept, and again when all are; may be called from another thread.</summary>
    public Action<SpoolStatus>? Spooling { get; init; }
}
