namespace LatentSync.Pipeline.Avatars;

/// <summary>What an avatar says of itself.</summary>
/// <param name="Identity">What its contents follow from.</param>
/// <param name="VideoPath">Where the video was when the avatar was made, an absolute path.</param>
/// <param name="Width">Width of the video's frames in pixels.</param>
/// <param name="Height">Height of the video's frames in pixels.</param>
/// <param name="FrameCount">Frames of the video at the avatar's rate.</param>
/// <param name="FaceCount">How many of them have a usable face.</param>
/// <param name="Backend">What ran the VAE's encoder.</param>
/// <param name="CreatedBy">The program that made it.</param>
public sealed record AvatarInfo(
    AvatarIdentity Identity, string VideoPath, int Width, int Height, int FrameCount, int FaceCount, string Backend, string CreatedBy);
