using LatentSync.Models.Packs;

namespace LatentSync.Pipeline;

/// <summary>Sizes that follow from a job and its pack.</summary>
internal static class JobSizes
{
    // The VAE halves a face's side three times.
    private const int LatentScale = 8;

    /// <summary>Side of the aligned face in pixels: the job's, else its avatar's, else the pack's.</summary>
    public static int FaceSide(this LipSyncOptions options, ModelPack pack) =>
        options.Resolution ?? options.Avatar?.File.Info.Identity.Resolution ?? pack.Config.Resolution;

    /// <summary>Side of its latents.</summary>
    public static int LatentSide(this LipSyncOptions options, ModelPack pack) => options.FaceSide(pack) / LatentScale;
}
