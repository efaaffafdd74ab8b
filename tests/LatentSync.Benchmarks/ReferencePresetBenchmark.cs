using LatentSync.Compositing;
using LatentSync.Kernels;
using LatentSync.Models.Checkpoints;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Evaluation;

namespace LatentSync.Benchmarks;

/// <summary>
/// The references' default job for each preset: time against the original's default, and PSNR of the face against <c>exact</c> on frames as they are handed to
/// the encoder. The original's own shortcuts stand beside, against its own default: what they cost is the measure of what ours may.
/// </summary>
internal static class ReferencePresetBenchmark
{
    public static MarkdownTable Run(BenchmarkContext context)
    {
        using SafetensorsCheckpoint trace = JobBenchmark.OpenTrace();
        double seconds = JobBenchmark.Number(trace, "wall_seconds"), gflops = JobBenchmark.Number(trace, "matrix_gflops");
        MarkdownTable table = new(
            $"References' default job by preset (original {seconds} s at {gflops:0} GFLOP/s, here {context.Gflops:0} GFLOP/s; face against exact, the original's against its default)",
            "preset", "s", "normalised ratio to the original", "face dB", "mean of frames dB", "lowest dB");
        FrameRecorder? exact = null;
        foreach (JobPreset preset in context.EachSampler ? [.. JobPreset.All, .. JobPreset.Candidates] : JobPreset.All)
        {
            FrameRecorder recorder = new();
            LipSyncReport report = JobBenchmark.RunDefaultJob(trace, context.Pack, context.Threads, options => preset.Apply(options) with { Observer = recorder });
            exact ??= recorder;
            Add(table, preset.Name, $"{report.Elapsed.TotalSeconds:0.0}", $"{seconds * gflops / (report.Elapsed.TotalSeconds * context.Gflops):0.00}", exact, exact.Frames, recorder.Frames);
        }

        string references = Path.Combine(BenchmarkPaths.Goldens, "pipeline");
        List<RgbImage> original = FrameRecorder.Read(Path.Combine(references, "default", "frames.mkv"));
        foreach (string shortcut in new[] { "deepcache", "unipc-8" })
        {
            // The compact references have the default job only.
            string frames = Path.Combine(references, shortcut, "frames.mkv");
            if (File.Exists(frames))
            {
                Add(table, $"the original's {shortcut}", "", "", exact!, original, FrameRecorder.Read(frames));
            }
        }

        return table;
    }

    private static void Add(MarkdownTable table, string name, string seconds, string ratio, FrameRecorder masks, List<RgbImage> expected, List<RgbImage> actual)
    {
        SquaredError total = default;
        List<double> frames = [];
        for (int i = 0; i < Math.Min(Math.Min(expected.Count, actual.Count), masks.Transforms.Count); i++)
        {
            if (masks.Transforms[i] is { } transform)
            {
                SoftMask mask = new FaceCompositor(JobBenchmark.Resolution).SoftMask(expected[i].Width, expected[i].Height, transform);
                SquaredError error = SquaredError.Of(expected[i], actual[i], mask);
                total += error;
                frames.Add(error.Psnr);
            }
        }

        table.Add(name, seconds, ratio, MarkdownTable.Decibels(total.Psnr), MarkdownTable.Decibels(frames.Average()), MarkdownTable.Decibels(frames.Min()));
    }
}
