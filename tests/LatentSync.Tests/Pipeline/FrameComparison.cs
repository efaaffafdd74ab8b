namespace LatentSync.Tests.Pipeline;

/// <summary>PSNR in dB against the reference frame, over the pixels whose soft mask is above 0.</summary>
/// <param name="Index">0-based output frame.</param>
/// <param name="Synced">Of the frame handed to the encoder.</param>
/// <param name="Unsynced">Of the decoded input frame.</param>
internal readonly record struct FrameComparison(long Index, double Synced, double Unsynced);
