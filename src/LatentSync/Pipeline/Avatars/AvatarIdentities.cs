using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Works out the identity that an avatar has or would have.</summary>
internal static class AvatarIdentities
{
    /// <summary>Counts up whenever the same inputs give other transforms, faces or latents.</summary>
    private const int Computation = 1;

    /// <summary>This program, for who looks into a file.</summary>
    public static string CreatedBy { get; } = $"latentsync {typeof(AvatarIdentities).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>The identity of an avatar of these options.</summary>
    /// <exception cref="LatentSyncException">The video cannot be read, or an option is out of range.</exception>
    public static async Task<AvatarIdentity> OfAsync(AvatarOptions options, ModelPack pack, CancellationToken cancellationToken)
    {
        (string hash, long size) = await HashAsync(options.VideoPath, cancellationToken).ConfigureAwait(false);
        return new AvatarIdentity(
            Computation,
            hash,
            size,
            options.FrameRate.ToString(),
            options.Start,
            options.Duration,
            options.DetectEvery,
            options.Resolution ?? pack.Config.Resolution,
            Name(pack, PackComponentName.Detector),
            Name(pack, PackComponentName.Landmarks),
            Name(pack, PackComponentName.VaeEncoder),
            pack.Config.Model.OutChannels,
            pack.VaeScalingFactor,
            pack.VaeShiftFactor,
            MaskHash(options.Resolution ?? pack.Config.Resolution));
    }

    /// <summary>The same avatar's identity if it were made with another pack by this version.</summary>
    public static AvatarIdentity With(AvatarIdentity identity, ModelPack pack) => identity with
    {
        Computation = Computation,
        Detector = Name(pack, PackComponentName.Detector),
        Landmarks = Name(pack, PackComponentName.Landmarks),
        VaeEncoder = Name(pack, PackComponentName.VaeEncoder),
        LatentChannels = pack.Config.Model.OutChannels,
        VaeScalingFactor = pack.VaeScalingFactor,
        VaeShiftFactor = pack.VaeShiftFactor,
        MaskSha256 = MaskHash(identity.Resolution),
    };

    /// <summary>SHA-256 and length of a video.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Media"/>: it cannot be read.</exception>
    public static async Task<(string Sha256, long SizeInBytes)> HashAsync(string videoPath, CancellationToken cancellationToken)
    {
        string full = MediaPath.RequireReadable(videoPath, "video");
        try
        {
            await using FileStream stream = new(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 18, FileOptions.SequentialScan | FileOptions.Asynchronous);
            byte[] hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return (Convert.ToHexStringLower(hash), stream.Length);
        }
        catch (IOException exception)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{MediaPath.Show(videoPath)}' cannot be read ({MediaPath.Show(exception.Message)}): check the disk or give another video", exception);
        }
    }

    private static string Name(ModelPack pack, string component) => OnnxEngineCache.Prefix(pack.Component(component));

    private static string MaskHash(int resolution) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(new MouthMask(resolution).Pixels)));
}
