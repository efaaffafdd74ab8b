using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LatentSync.Models.Packs;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline.Calibration;

/// <summary>
/// Measures what a pack's networks compute with: runs ordinary jobs over the clips, all denoising steps and both halves of guidance, with networks that count
/// their values. The file of statistics is written after every clip; who stops it loses at most one, and what comes out is the same as without the stop.
/// </summary>
public static class PackCalibrator
{
    /// <summary>Calibrates, or continues.</summary>
    /// <param name="options">What with, and how.</param>
    /// <param name="progress">Told of every step of each clip's job; null for none.</param>
    /// <param name="cancellationToken">Stops within a second; clips that were finished stay in the file.</param>
    /// <returns>The statistics, as they are in the file.</returns>
    /// <exception cref="LatentSyncException">A clip or the pack is not usable, values are not finite, or the file is of another pack or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static async Task<CalibrationStatistics> RunAsync(CalibrationOptions options, IProgress<LipSyncProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelPack pack = ModelPack.OpenUnquantized(options.PackPath);
        CalibrationStatistics statistics = Begin(options, pack);
        List<(CalibrationClip Clip, string Key)> open = [];
        foreach (CalibrationClip clip in options.Clips)
        {
            string key = await KeyOfAsync(clip, options, cancellationToken).ConfigureAwait(false);
            if (!statistics.Clips.Contains(key))
            {
                open.Add((clip, key));
            }
        }

        if (open.Count == 0)
        {
            return statistics;
        }

        LipSyncEngineOptions engines = new()
        {
            Threads = options.Threads,
            ChunksAtOnce = 1,
            Backend = InferenceBackend.Onnx,
            Rewrites = UNetRewrites.None,
            Tap = new CalibrationTap(statistics.Networks, options.Stride),
        };
        string folder = Directory.CreateTempSubdirectory("latentsync-calibration-").FullName;
        try
        {
            using LipSyncPipeline pipeline = await LipSyncPipeline.LoadAsync(options.PackPath, engines, cancellationToken).ConfigureAwait(false);
            foreach ((CalibrationClip clip, string key) in open)
            {
                await pipeline.RunAsync(Job(clip, options, Path.Combine(folder, "out.mp4")), progress, cancellationToken).ConfigureAwait(false);
                RequireRuns(statistics, clip);
                statistics = statistics with { Clips = [.. statistics.Clips, key] };
                StatisticsFile.Write(options.StatisticsPath, statistics);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return statistics;
    }

    private static CalibrationStatistics Begin(CalibrationOptions options, ModelPack pack)
    {
        string source = Path.GetFileName(options.StatisticsPath);
        if (!File.Exists(options.StatisticsPath))
        {
            return new CalibrationStatistics(
                options.Networks.ToDictionary(name => name, name => new NetworkStatistics(pack.Component(name).ComputeFingerprint()), StringComparer.Ordinal), [], source);
        }

        CalibrationStatistics begun = StatisticsFile.Read(options.StatisticsPath);
        if (!begun.Networks.Keys.ToHashSet().SetEquals(options.Networks))
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{options.StatisticsPath}: it holds statistics of {string.Join(", ", begun.Networks.Keys)}, wanted are {string.Join(", ", options.Networks)}; remove it or name another file");
        }

        foreach (string name in options.Networks)
        {
            begun.For(pack.Component(name));
        }

        return begun;
    }

    private static void RequireRuns(CalibrationStatistics statistics, CalibrationClip clip)
    {
        if (statistics.Networks.Any(network => network.Value.RunCount == 0))
        {
            throw new LatentSyncException(LatentSyncError.Media, $"{clip.VideoPath}: no frame of it was synced, so nothing could be measured; give a clip with a face and speech");
        }
    }

    private static LipSyncOptions Job(CalibrationClip clip, CalibrationOptions options, string output) => new()
    {
        VideoPath = clip.VideoPath,
        AudioPath = clip.AudioPath,
        OutputPath = output,
        Overwrite = true,
        Steps = options.Steps,
        GuidanceScale = options.GuidanceScale,
        Duration = options.Duration,
        UseFeatureCache = false,
    };

    // What was seen depends on the files' content and on how the jobs were run.
    private static async Task<string> KeyOfAsync(CalibrationClip clip, CalibrationOptions options, CancellationToken cancellationToken)
    {
        (string video, _) = await MediaHash.ComputeAsync(clip.VideoPath, "clip", cancellationToken).ConfigureAwait(false);
        (string speech, _) = await MediaHash.ComputeAsync(clip.AudioPath, "clip's speech", cancellationToken).ConfigureAwait(false);
        string settings = string.Create(CultureInfo.InvariantCulture, $"{options.Steps} {options.GuidanceScale} {options.Duration} {options.Stride}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{video} {speech} {settings}")));
    }
}
