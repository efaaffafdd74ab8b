using LatentSync.Models.Rewrites;

namespace LatentSync.Pipeline;

/// <summary>In which forms the UNet runs as engines of TensorRT: as the pack holds it, or rewritten, each with or without a shallow step for step caching.</summary>
public static class UNetEngineForm
{
    /// <summary>
    /// The rewrites that engines are built with where they are asked for: those that leave work out and add none. <see cref="UNetRewrites.PhaseUpsampling"/>
    /// trades multiply-adds for memory traffic, which no GPU has been measured on.
    /// </summary>
    public const UNetRewrites Rewrites = UNetRewrites.GuidanceSharing | UNetRewrites.ConvInSplit | UNetRewrites.TimeTable | UNetRewrites.ChunkConstants;

    /// <summary>A form.</summary>
    /// <param name="rewrites">The rewrites that may be applied; of them those in <see cref="Rewrites"/> are.</param>
    /// <param name="guided">Whether the jobs have a guidance scale above 1. Without rewrites one form serves both.</param>
    /// <param name="cacheBranch">Where step caching cuts, or null for none.</param>
    public static UNetProgramOptions Of(UNetRewrites rewrites, bool guided, int? cacheBranch)
    {
        UNetRewrites applied = rewrites & Rewrites;
        return new UNetProgramOptions { Rewrites = applied, Guided = guided && applied.HasFlag(UNetRewrites.GuidanceSharing), CacheBranch = cacheBranch };
    }

    /// <summary>The forms that can run a job, the one with the least work first.</summary>
    /// <param name="job">The job; null for one with default settings.</param>
    /// <param name="allowed">Rewrites that may be applied.</param>
    internal static IReadOnlyList<UNetProgramOptions> For(LipSyncOptions? job, UNetRewrites allowed)
    {
        int? branch = job is { CacheInterval: > 1 } ? job.CacheBranch : null;
        return [.. new[] { Of(allowed, job is null or { GuidanceScale: > 1 }, branch), Of(UNetRewrites.None, guided: false, branch) }.Distinct()];
    }

    /// <summary>The options of <c>engines build</c> that make the engines of a form.</summary>
    internal static string BuildOptions(UNetProgramOptions form)
    {
        string rewrites = form.Rewrites == UNetRewrites.None ? string.Empty : form.Guided ? " --rewrites" : " --rewrites --guidance 1";
        return form.CacheBranch is { } branch ? $"{rewrites} --cache-branch {branch}" : rewrites;
    }
}
