namespace LatentSync.Pipeline.Calibration;

/// <summary>A video and the speech that it is synced to while networks are calibrated.</summary>
/// <param name="VideoPath">The video.</param>
/// <param name="AudioPath">The speech; may be the video itself, if it has sound.</param>
public sealed record CalibrationClip(string VideoPath, string AudioPath);
