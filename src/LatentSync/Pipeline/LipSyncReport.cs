namespace LatentSync.Pipeline;

/// <summary>What a finished job did.</summary>
public sealed record LipSyncReport
{
    /// <summary>The output file.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Frames in the output.</summary>
    public required long FrameCount { get; init; }

    /// <summary>Width of the output in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the output in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second of the output.</summary>
    public required double FrameRate { get; init; }

    /// <summary>Frames that were passed through for want of a usable face, in order.</summary>
    public required IReadOnlyList<MissingFace> MissingFaces { get; init; }

    /// <summary>Wall time of the job, models already loaded.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Busy time of each stage; stages overlap, so the sum may exceed <see cref="Elapsed"/>.</summary>
    public required IReadOnlyDictionary<LipSyncStage, TimeSpan> StageTimes { get; init; }

    /// <summary>How long each stage waited for others between its first work and its last.</summary>
    public IReadOnlyDictionary<LipSyncStage, TimeSpan> StageIdleTimes { get; init; } = new Dictionary<LipSyncStage, TimeSpan>();

    /// <summary>
    /// Use of the processors from the end of the first chunk's denoising to the start of the last one's, when every stage has work; null with fewer than three
    /// chunks, and on a GPU.
    /// </summary>
    public ProcessorUse? BetweenChunks { get; init; }

    /// <summary>Most physical memory that this process has held so far, in bytes; child processes not included.</summary>
    public required long PeakMemoryInBytes { get; init; }

    /// <summary>What ran UNet and VAE, and at which precision.</summary>
    public required string Backend { get; init; }

    /// <summary>How long the first frame took.</summary>
    public required FirstFrameLatency FirstFrame { get; init; }

    /// <summary>How often the networks ran that look at the video alone.</summary>
    public required NetworkCalls Calls { get; init; }

    /// <summary>What the job took of the GPU; null where it ran on none.</summary>
    public GpuUse? Gpu { get; init; }

    /// <summary>Warnings worth telling a person.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
