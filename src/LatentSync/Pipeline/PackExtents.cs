using LatentSync.Audio;
using LatentSync.Models.Packs;
using LatentSync.Runtime;

namespace LatentSync.Pipeline;

/// <summary>The extents of a pack's networks, from its configuration.</summary>
/// <param name="Resolution">Side of the faces in pixels.</param>
/// <param name="LatentSide">Side of the latents.</param>
/// <param name="Frames">Frames of a whole chunk.</param>
/// <param name="AudioTokens">Rows of a frame's audio window.</param>
internal sealed record PackExtents(int Resolution, int LatentSide, int Frames, int AudioTokens)
{
    /// <exception cref="LatentSyncException">The resolution is none that networks take.</exception>
    public static PackExtents Of(ModelPack pack, PackEngineOptions options)
    {
        int resolution = options.Resolution ?? pack.Config.Resolution, scale = pack.Manifest.Vae.DownscaleFactor;
        if (!LipSyncOptionsValidator.IsResolution(resolution))
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"--resolution {resolution}: give {LipSyncOptionsValidator.Resolutions}");
        }

        // A frame's window of feature rows, each with the embedding and every layer of Whisper's encoder.
        int rows = new AudioFeatLength(pack.Config.AudioFeatLengthBefore, pack.Config.AudioFeatLengthAfter).Rows;
        return new PackExtents(resolution, resolution / scale, pack.Config.NumFrames, rows * (pack.WhisperConfig.AudioLayers + 1));
    }
}
