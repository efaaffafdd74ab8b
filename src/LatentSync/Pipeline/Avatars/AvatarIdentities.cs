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
        (string hash, long size) = await MediaHash.ComputeAsync(options.VideoPath, "video", cancellationToken).ConfigureAwait(false);
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

    private static string Name(ModelPack pack, string component) => OnnxEngineCache.Prefix(pack.Component(component));

    private static string MaskHash(int resolution) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(new MouthMask(resolution).Pixels)));
}
