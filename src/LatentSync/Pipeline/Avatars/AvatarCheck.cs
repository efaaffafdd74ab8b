using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Refuses jobs that an avatar was not made for.</summary>
internal static class AvatarCheck
{
    /// <summary>What can be told without the pack.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Usage"/>: an option contradicts the avatar.</exception>
    public static void Options(LipSyncOptions options)
    {
        if (options.Avatar is not { } avatar)
        {
            return;
        }

        string shown = MediaPath.Show(avatar.File.Path);
        AvatarIdentity identity = avatar.File.Info.Identity;
        Require(options.FaceTransforms is null, $"'{shown}' holds the faces' transforms: leave FaceTransforms out, or the avatar");
        Require(Path.GetFullPath(options.VideoPath) == avatar.VideoPath, $"'{MediaPath.Show(options.VideoPath)}' is not the video that the avatar '{shown}' was opened with, '{MediaPath.Show(avatar.VideoPath)}'");
        Require(options.FrameRate == avatar.FrameRate, $"--fps {options.FrameRate}: the avatar '{shown}' was made at {identity.FrameRate}; leave --fps out, or make another avatar");
        Require(
            options.Resolution is not { } side || side == identity.Resolution,
            $"--resolution {options.Resolution}: the avatar '{shown}' was made at {identity.Resolution}; leave --resolution out, or make another avatar");
        Require(
            options.DetectEvery == 1 || options.DetectEvery == identity.DetectEvery,
            $"--detect-every {options.DetectEvery}: the avatar '{shown}' was made with {identity.DetectEvery}; leave --detect-every out, or make another avatar");
        avatar.RequireSameVideo();
    }

    /// <summary>Whether the avatar's faces are those that this pack's networks would give.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Model"/>: they are not.</exception>
    public static void Pack(LipSyncOptions options, ModelPack pack, VideoInfo video)
    {
        if (options.Avatar?.File is not { } file)
        {
            return;
        }

        AvatarIdentity made = file.Info.Identity, wanted = AvatarIdentities.With(made, pack);
        string? other = made.Computation != wanted.Computation ? "another version of this program"
            : made.Detector != wanted.Detector ? "another pack (its face detector differs)"
            : made.Landmarks != wanted.Landmarks ? "another pack (its landmark network differs)"
            : made != wanted ? "another pack (its VAE differs)"
            : (options.Resolution ?? made.Resolution) != made.Resolution ? $"faces of {made.Resolution} px"
            : (video.Width, video.Height) != (file.Info.Width, file.Info.Height) ? $"frames of {file.Info.Width}x{file.Info.Height}"
            : null;
        if (other is not null)
        {
            throw AvatarFileCheck.Refused(file.Path, $"it was made with {other}");
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new LatentSyncException(LatentSyncError.Usage, message);
        }
    }
}
