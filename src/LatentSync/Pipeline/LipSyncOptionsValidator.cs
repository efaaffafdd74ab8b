using LatentSync.Runtime;

namespace LatentSync.Pipeline;

/// <summary>Checks a job's numbers before anything is opened.</summary>
internal static class LipSyncOptionsValidator
{
    // Three halvings in the UNet after eight in the VAE: other sizes cannot be put together again.
    private const int ResolutionStep = 64;
    private const int MaxResolution = 2048;
    private const double MaxGuidanceScale = 10;
    private const double MaxFrameRate = 120;
    private const int MaxCrf = 51;

    /// <exception cref="LatentSyncException">A number is out of range.</exception>
    public static void Check(LipSyncOptions options)
    {
        Require(options.Steps >= 1, $"--steps {options.Steps}: give at least 1");
        Require(options.GuidanceScale is >= 1 and <= MaxGuidanceScale, $"--guidance {options.GuidanceScale}: give 1 (none) to {MaxGuidanceScale}");
        Require(options.FrameRate.Value is >= 1 and <= MaxFrameRate, $"--fps {options.FrameRate}: give 1 to {MaxFrameRate}");
        Require(options.Crf is >= 0 and <= MaxCrf, $"--crf {options.Crf}: give 0 to {MaxCrf}");
        Require(options.Start >= TimeSpan.Zero, $"--start {options.Start}: it cannot be negative");
        Require(options.Duration is not { } duration || duration > TimeSpan.Zero, $"--duration {options.Duration}: give more than 0");
        Require(
            options.Resolution is not { } side || (side is >= ResolutionStep and <= MaxResolution && side % ResolutionStep == 0),
            $"--resolution {options.Resolution}: give a multiple of {ResolutionStep} up to {MaxResolution}");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new LatentSyncException(LatentSyncError.Usage, message);
        }
    }
}
