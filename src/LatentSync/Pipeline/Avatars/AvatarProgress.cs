namespace LatentSync.Pipeline.Avatars;

/// <summary>How far the making of an avatar is.</summary>
/// <param name="FramesDone">Frames that are analysed and encoded.</param>
/// <param name="FramesTotal">Frames expected; 0 if the container does not say.</param>
/// <param name="Elapsed">Time since it began.</param>
public readonly record struct AvatarProgress(int FramesDone, int FramesTotal, TimeSpan Elapsed);
