namespace LatentSync.Video;

/// <summary>A video that was written.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="FrameCount">Number of frames.</param>
/// <param name="Width">Width in pixels as encoded (even).</param>
/// <param name="Height">Height in pixels as encoded (even).</param>
/// <param name="SizeInBytes">Size of the file.</param>
public sealed record VideoOutput(string Path, int FrameCount, int Width, int Height, long SizeInBytes);
