using LatentSync.Pipeline;
using LatentSync.Pipeline.Evaluation;

namespace LatentSync.Benchmarks;

/// <summary>
/// The demo job for each preset: time against the original's, error of face and mouth against the first preset's output, and the lip-sync score. Outputs are
/// encoded losslessly (but for 4:2:0 chroma), so that the encoder's own losses are not measured.
/// </summary>
internal static class PresetBenchmark
{
    // The original on this job, from the demo pack's README: seconds of wall time at a matrix rate in GFLOP/s.
    private const double OriginalSeconds = 198.7, OriginalGflops = 192;

    public static MarkdownTable Run(BenchmarkContext context)
    {
        string folder = Directory.CreateTempSubdirectory("latentsync-bench-presets-").FullName;
        try
        {
            MarkdownTable table = new(
                $"Demo job by preset (original {OriginalSeconds} s at {OriginalGflops:0} GFLOP/s, here {context.Gflops:0} GFLOP/s; errors against {JobPreset.All[0].Name})",
                "preset", "s", "frames/s", "normalised ratio to the original", "CPU / wall between chunks", "PSNR dB", "SSIM", "face dB", "lowest face dB", "mouth dB", "flicker", "lip-sync score");
            string reference = Path.Combine(folder, "0.mp4");
            JobPreset[] presets = [.. JobPreset.All, .. context.EachSampler ? JobPreset.Candidates : []];
            for (int i = 0; i < presets.Length; i++)
            {
                string output = Path.Combine(folder, FormattableString.Invariant($"{i}.mp4"));
                LipSyncReport report = JobRun.Run(context.Pack, context.Threads, _ => presets[i].Apply(Job(output)));
                VideoComparison comparison = VideoComparer.CompareAsync(output, reference, context.Pack).GetAwaiter().GetResult();
                LipSyncScore score = LipSyncScorer.ScoreAsync(output, Media("speech.mouth.csv"), context.Pack).GetAwaiter().GetResult();
                Add(table, presets[i], report, context.Gflops, comparison, score);
            }

            return table;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Add(MarkdownTable table, JobPreset preset, LipSyncReport report, double gflops, VideoComparison comparison, LipSyncScore score)
    {
        double seconds = report.Elapsed.TotalSeconds;
        FaceComparison face = comparison.Face ?? throw new InvalidOperationException("no face in the demo clip");
        table.Add(
            preset.Name,
            $"{seconds:0.0}",
            $"{report.FrameCount / seconds:0.00}",
            $"{OriginalSeconds * OriginalGflops / (seconds * gflops):0.00}",
            $"{report.BetweenChunks?.Processors:0.00}",
            MarkdownTable.Decibels(comparison.Psnr),
            $"{comparison.Ssim:0.00000}",
            MarkdownTable.Decibels(face.Psnr),
            MarkdownTable.Decibels(face.LowestPsnr),
            MarkdownTable.Decibels(face.MouthPsnr),
            $"{face.MouthFlicker:0.000}",
            $"{score.Correlation:0.000}");
    }

    private static LipSyncOptions Job(string output) => new()
    {
        VideoPath = Media("presenter.mp4"),
        AudioPath = Media("speech.wav"),
        OutputPath = output,
        Crf = 0,
    };

    private static string Media(string name) => Path.Combine(BenchmarkPaths.Demo, "media", name);
}
