using LatentSync.Kernels;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Checks a job's numbers before anything is opened.</summary>
internal static class LipSyncOptionsValidator
{
    // Three halvings in the UNet after eight in the VAE: other sizes cannot be put together again.
    private const int ResolutionStep = 64;
    private const int MaxResolution = 2048;
    private const double MaxGuidanceScale = 10;
    private const int MaxCacheInterval = 1000;
    private const double MaxFrameRate = 120;
    private const int MaxCrf = 51;
    private const int MaxDetectEvery = 1000;

    /// <exception cref="LatentSyncException">A number is out of range.</exception>
    public static void Check(LipSyncOptions options)
    {
        Require(options.Steps >= 1, $"--steps {options.Steps}: give at least 1");
        Require(options.GuidanceScale is >= 1 and <= MaxGuidanceScale, $"--guidance {options.GuidanceScale}: give 1 (none) to {MaxGuidanceScale}");
        Require(options.CacheInterval is >= 1 and <= MaxCacheInterval, $"--cache-interval {options.CacheInterval}: give 1 (none) to {MaxCacheInterval}");
        Require(options.CacheBranch >= 0, $"--cache-branch {options.CacheBranch}: it cannot be negative");
        Require(options.Crf is >= 0 and <= MaxCrf, $"--crf {options.Crf}: give 0 to {MaxCrf}");
        CheckVideo(options.Resolution, options.FrameRate, options.Start, options.Duration, options.DetectEvery);
        Require(options.LoopedFacesInBytes >= 0, $"LoopedFacesInBytes {options.LoopedFacesInBytes}: give 0 or more");
        AvatarCheck.Options(options);
        for (int i = 0; i < (options.FaceTransforms?.Count ?? 0); i++)
        {
            Require(
                options.FaceTransforms![i] is not { } transform || IsInvertible(transform),
                $"FaceTransforms: the transform of source frame {i} has no inverse; give one that maps the frame to the crop, or null for a frame without a face");
        }
    }

    /// <summary>The numbers that a job and an avatar have in common.</summary>
    /// <exception cref="LatentSyncException">A number is out of range.</exception>
    public static void CheckVideo(int? resolution, Rational frameRate, TimeSpan start, TimeSpan? duration, int detectEvery)
    {
        Require(frameRate.Value is >= 1 and <= MaxFrameRate, $"--fps {frameRate}: give 1 to {MaxFrameRate}");
        Require(start >= TimeSpan.Zero, $"--start {start}: it cannot be negative");
        Require(detectEvery is >= 1 and <= MaxDetectEvery, $"--detect-every {detectEvery}: give 1 (every frame) to {MaxDetectEvery}");
        Require(duration is not { } length || length > TimeSpan.Zero, $"--duration {duration}: give more than 0");
        Require(
            resolution is not { } side || IsResolution(side),
            $"--resolution {resolution}: give {Resolutions}");
    }

    /// <summary>What sides faces can have, for errors.</summary>
    public static string Resolutions => $"a multiple of {ResolutionStep} up to {MaxResolution}";

    /// <summary>Whether faces can have this side in pixels.</summary>
    public static bool IsResolution(int side) => side is >= ResolutionStep and <= MaxResolution && side % ResolutionStep == 0;

    /// <summary>Crops are cut with the inverse and faces put back with it: its entries must be numbers too.</summary>
    public static bool IsInvertible(AffineTransform transform)
    {
        double determinant = (transform.M00 * transform.M11) - (transform.M01 * transform.M10);
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            return false;
        }

        AffineTransform inverse = transform.Invert();
        return ((double[])[inverse.M00, inverse.M01, inverse.M02, inverse.M10, inverse.M11, inverse.M12]).All(double.IsFinite);
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new LatentSyncException(LatentSyncError.Usage, message);
        }
    }
}
