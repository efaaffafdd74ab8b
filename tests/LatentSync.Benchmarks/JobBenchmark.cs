using System.Globalization;
using System.Text.Json;
using LatentSync.Models.Checkpoints;
using LatentSync.Pipeline;

namespace LatentSync.Benchmarks;

/// <summary>
/// The references' default job against the original's own wall time, stage by stage. Both are normalised by the matrix rate of their machine:
/// a ratio of 2 means that the original needs twice the multiply-adds' worth of time for the same frames.
/// </summary>
internal static class JobBenchmark
{
    private static readonly string Folder = Path.Combine(BenchmarkPaths.Goldens, "pipeline", "default");

    public static MarkdownTable Run(string pack, int threads, double gflops)
    {
        using SafetensorsCheckpoint trace = OpenTrace();
        LipSyncReport report = RunDefaultJob(trace, pack, threads);

        double originalGflops = Number((string)trace.Metadata["matrix_gflops"]);
        Dictionary<string, double> original = JsonSerializer.Deserialize<Dictionary<string, double>>((string)trace.Metadata["stage_seconds"])!;
        MarkdownTable table = new(
            $"Default job against the original ({report.FrameCount} frames; matrix rate {gflops:0} GFLOP/s here, {originalGflops:0} there)",
            "stage", "original s", "ours s, over its threads", "normalised ratio");
        Add("audio", LipSyncStage.Audio);
        Add("faces", LipSyncStage.Faces);
        Add("vae_encode", LipSyncStage.VaeEncode);
        Add("unet", LipSyncStage.Denoising);
        Add("vae_decode", LipSyncStage.VaeDecode);
        Add("put_back", LipSyncStage.Compositing);
        AddRow("whole job", Number((string)trace.Metadata["wall_seconds"]), report.Elapsed.TotalSeconds);
        return table;

        void Add(string stage, LipSyncStage ours) => AddRow(stage, original[stage], report.StageTimes[ours].TotalSeconds);

        void AddRow(string stage, double theirs, double ours) =>
            table.Add(stage, $"{theirs:0.00}", $"{ours:0.00}", $"{theirs * originalGflops / (ours * gflops):0.00}");
    }

    public static SafetensorsCheckpoint OpenTrace() => SafetensorsCheckpoint.Open(Path.Combine(Folder, "trace.safetensors"));

    public static LipSyncReport RunDefaultJob(SafetensorsCheckpoint trace, string pack, int threads)
    {
        string inputs = Path.GetDirectoryName(Folder)!;
        return JobRun.Run(pack, threads, output => new LipSyncOptions
        {
            VideoPath = Path.Combine(inputs, (string)trace.Metadata["clip"]),
            AudioPath = Path.Combine(inputs, (string)trace.Metadata["speech"]),
            OutputPath = output,
            Steps = (int)Number((string)trace.Metadata["steps"]),
            GuidanceScale = Number((string)trace.Metadata["guidance"]),
        });
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
