namespace LatentSync.Pipeline;

/// <summary>How far a job is.</summary>
/// <param name="Stage">The stage that reports.</param>
/// <param name="FramesDone">Output frames finished; during <see cref="LipSyncStage.Audio"/> 0.</param>
/// <param name="FramesTotal">Output frames in all; 0 until the speech has been read.</param>
/// <param name="Fraction">Share of the whole job's work that is done, 0..1, never falling.</param>
/// <param name="Elapsed">Time since the job began.</param>
/// <param name="Message">One line worth telling a person, such as the size of a spool; null most of the time.</param>
public readonly record struct LipSyncProgress(
    LipSyncStage Stage, long FramesDone, long FramesTotal, double Fraction, TimeSpan Elapsed, string? Message = null);
