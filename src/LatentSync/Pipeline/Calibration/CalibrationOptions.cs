using LatentSync.Models.Packs;

namespace LatentSync.Pipeline.Calibration;

/// <summary>What to calibrate with, and how.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The pack as it was imported.</summary>
    public required string PackPath { get; init; }

    /// <summary>The clips, each run as a whole job; see <see cref="CalibrationFolder.Find"/>.</summary>
    public required IReadOnlyList<CalibrationClip> Clips { get; init; }

    /// <summary>The file of statistics. One that is there is continued: clips that it has seen are not run again.</summary>
    public required string StatisticsPath { get; init; }

    /// <summary>The networks whose values are counted.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [PackComponentName.UNet];

    /// <summary>Denoising steps of each job: values differ from step to step, so all of a usual job's.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Guidance of each job; above 1, so that predictions for silence are seen too.</summary>
    public double GuidanceScale { get; init; } = 1.5;

    /// <summary>How much of each recording is used at most; null takes all.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Threads for the networks; 0 takes one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Of how many elements one is counted for percentiles. A prime, so that it does not step through the same channels.</summary>
    public int Stride { get; init; } = 13;
}
