namespace LatentSync.Pipeline;

/// <summary>How well a mouth follows the speech.</summary>
/// <param name="Correlation">Pearson correlation of the measured with the wanted mouth opening, -1..1; NaN if either never changes.</param>
/// <param name="FrameCount">Frames that were looked at.</param>
/// <param name="FramesWithFace">Frames with a usable face: only these count.</param>
public sealed record LipSyncScore(double Correlation, int FrameCount, int FramesWithFace);
