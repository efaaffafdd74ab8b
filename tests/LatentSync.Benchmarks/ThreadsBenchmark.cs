using System.Diagnostics;
using LatentSync.Models.Checkpoints;
using LatentSync.Pipeline;

namespace LatentSync.Benchmarks;

/// <summary>How the references' default job scales from one thread to two, beside the machine's matrix rate, which bounds what the networks can gain.</summary>
internal static class ThreadsBenchmark
{
    private static readonly LipSyncStage[] s_stages =
        [LipSyncStage.Audio, LipSyncStage.Faces, LipSyncStage.VaeEncode, LipSyncStage.Denoising, LipSyncStage.VaeDecode, LipSyncStage.Compositing];

    public static MarkdownTable Run(BenchmarkContext context)
    {
        using SafetensorsCheckpoint trace = JobBenchmark.OpenTrace();
        (LipSyncReport oneReport, double oneLoad) = RunJob(1);
        (LipSyncReport twoReport, double twoLoad) = RunJob(2);
        MarkdownTable table = new($"Scaling: default job, {oneReport.FrameCount} frames", "what", "1 thread", "2 threads", "ratio");
        Add("matrix rate, GFLOP/s", MatrixRate.MeasureGflops(2), MatrixRate.MeasureGflops(1));
        foreach (LipSyncStage stage in s_stages)
        {
            Add($"{stage}, s", oneReport.StageTimes[stage].TotalSeconds, twoReport.StageTimes[stage].TotalSeconds);
        }

        Add("whole job, s", oneReport.Elapsed.TotalSeconds, twoReport.Elapsed.TotalSeconds);
        table.Add("CPU time / wall, models loaded included", $"{oneLoad:0.00}", $"{twoLoad:0.00}", $"{twoLoad / oneLoad:0.00}");
        return table;

        // A higher ratio is better: seconds before by seconds after, or rate after by rate before.
        void Add(string what, double numerator, double denominator)
        {
            (double first, double second) = what.EndsWith("GFLOP/s", StringComparison.Ordinal) ? (denominator, numerator) : (numerator, denominator);
            table.Add(what, $"{first:0.00}", $"{second:0.00}", $"{numerator / denominator:0.00}");
        }

        (LipSyncReport Report, double CpuPerWall) RunJob(int threads)
        {
            using Process self = Process.GetCurrentProcess();
            TimeSpan before = self.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            LipSyncReport report = JobBenchmark.RunDefaultJob(trace, context.Pack, threads);
            self.Refresh();
            return (report, (self.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start));
        }
    }
}
