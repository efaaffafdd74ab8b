using LatentSync.Pipeline;

namespace LatentSync.Cli.Output;

/// <summary>Prints what a finished job did.</summary>
internal static class SyncResultPrinter
{
    private const double BytesPerMegabyte = 1e6;

    /// <param name="report">What was done.</param>
    /// <param name="json">Whether a program reads along.</param>
    /// <param name="writer">Where text goes.</param>
    public static void Print(LipSyncReport report, bool json, TextWriter writer)
    {
        if (json)
        {
            PrintJson(report);
        }
        else
        {
            PrintText(report, writer);
        }
    }

    private static void PrintJson(LipSyncReport report) => JsonLines.Write(new
    {
        @event = "result",
        output = report.OutputPath,
        frames = report.FrameCount,
        backend = report.Backend,
        width = report.Width,
        height = report.Height,
        frameRate = report.FrameRate,
        seconds = Math.Round(report.Elapsed.TotalSeconds, 3),
        framesPerSecond = Math.Round(report.FrameCount / report.Elapsed.TotalSeconds, 3),
        peakMemoryInBytes = report.PeakMemoryInBytes,
        gpu = report.Gpu,
        stageSeconds = Seconds(report.StageTimes),
        stageIdleSeconds = Seconds(report.StageIdleTimes),
        betweenChunks = report.BetweenChunks is { } use
            ? new { cpuSeconds = Math.Round(use.CpuTime.TotalSeconds, 3), wallSeconds = Math.Round(use.WallTime.TotalSeconds, 3), processors = Math.Round(use.Processors, 3) }
            : null,
        firstFrameSeconds = new
        {
            total = Math.Round(report.FirstFrame.Total.TotalSeconds, 3),
            speech = Math.Round(report.FirstFrame.Speech.TotalSeconds, 3),
            chunk = Math.Round(report.FirstFrame.Chunk.TotalSeconds, 3),
        },
        networkRuns = new { faceDetector = report.Calls.FaceDetector, faceLandmarks = report.Calls.FaceLandmarks, vaeEncoder = report.Calls.VaeEncoder },
        missingFaces = report.MissingFaces.Select(m => new { frame = m.FrameIndex, source = m.SourceIndex, reason = m.Reason }),
        warnings = report.Warnings,
    });

    private static void PrintText(LipSyncReport report, TextWriter writer)
    {
        foreach (string warning in report.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        double seconds = report.Elapsed.TotalSeconds;
        writer.WriteLine($"{report.OutputPath}: {report.FrameCount} frames, {report.Width}x{report.Height}, {report.FrameRate:0.###} fps");
        writer.WriteLine($"time         {seconds:0.0} s ({report.FrameCount / seconds:0.00} frames/s)");
        writer.WriteLine($"peak memory  {report.PeakMemoryInBytes / BytesPerMegabyte:0} MB");
        if (report.Gpu is { } gpu)
        {
            writer.WriteLine($"GPU          {gpu.PeakMemoryInBytes / BytesPerMegabyte:0} MB in buffers at most, {gpu.LaunchesPerStep} launch(es) a denoising step, {gpu.Captures} graphs captured");
        }

        string stages = string.Join(", ", report.StageTimes.Where(p => p.Value > TimeSpan.Zero).OrderByDescending(p => p.Value)
            .Select(p => $"{PipelineProgress.Name(p.Key)} {p.Value.TotalSeconds:0.0}+{report.StageIdleTimes.GetValueOrDefault(p.Key).TotalSeconds:0.0}"));
        writer.WriteLine($"busy+idle s  {stages}");
        if (report.BetweenChunks is { } use)
        {
            writer.WriteLine($"processors   {use.Processors:0.00} in use from the second chunk to the last but one ({use.CpuTime.TotalSeconds:0.0} s of work in {use.WallTime.TotalSeconds:0.0} s)");
        }

        NetworkCalls calls = report.Calls;
        writer.WriteLine($"first frame  {report.FirstFrame.Total.TotalSeconds:0.00} s (speech {report.FirstFrame.Speech.TotalSeconds:0.00}, first chunk {report.FirstFrame.Chunk.TotalSeconds:0.00})");
        writer.WriteLine($"network runs detector {calls.FaceDetector}, landmarks {calls.FaceLandmarks}, VAE encoder {calls.VaeEncoder}");
        foreach (string line in MissingFaceLines.Of(report.MissingFaces))
        {
            writer.WriteLine($"untouched    {line}");
        }
    }

    private static Dictionary<string, double> Seconds(IReadOnlyDictionary<LipSyncStage, TimeSpan> times) =>
        times.ToDictionary(p => PipelineProgress.Key(p.Key), p => Math.Round(p.Value.TotalSeconds, 3));
}
