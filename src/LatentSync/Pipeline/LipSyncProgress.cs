namespace LatentSync.Pipeline;

/// <summary>How far a job is.</summary>
/// <param name="Stage">The stage that reports; stages overlap, so reports of several take turns.</param>
/// <param name="FramesDone">
/// Output frames that the networks are through with, or passed on for want of a face; frames in work count by their share of it. The last ones
/// may still be on their way to the encoder.
/// </param>
/// <param name="FramesTotal">Output frames in all; 0 until the speech has been read.</param>
/// <param name="Fraction">Share of the whole job's work that is done, 0..1, never falling; 1 is reported once, when the output has its name.</param>
/// <param name="Elapsed">Time since the job began.</param>
/// <param name="Message">One line worth telling a person, such as the size of a spool; null most of the time.</param>
public readonly record struct LipSyncProgress(
    LipSyncStage Stage, long FramesDone, long FramesTotal, double Fraction, TimeSpan Elapsed, string? Message = null)
{
    /// <summary>Frames per second since the first frame was decoded, speech features not included; 0 while nothing can be said.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>Time left at that pace; null while nothing can be said.</summary>
    public TimeSpan? Remaining { get; init; }
}
