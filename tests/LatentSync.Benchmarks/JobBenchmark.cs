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
    /// <summary>Side of the job's faces in pixels: the demo pack's.</summary>
    public const int Resolution = 128;

    private static readonly string Folder = Path.Combine(BenchmarkPaths.Goldens, "pipeline", "default");

    public static MarkdownTable Run(string pack, int threads, double gflops)
    {
        using SafetensorsCheckpoint trace = OpenTrace();
        LipSyncReport report = RunDefaultJob(trace, pack, threads);

        double originalGflops = Number(trace, "matrix_gflops");
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
        AddRow("whole job", Number(trace, "wall_seconds"), report.Elapsed.TotalSeconds);
        return table;

        void Add(string stage, LipSyncStage ours) => AddRow(stage, original[stage], report.StageTimes[ours].TotalSeconds);

        void AddRow(string stage, double theirs, double ours) =>
            table.Add(stage, $"{theirs:0.00}", $"{ours:0.00}", $"{theirs * originalGflops / (ours * gflops):0.00}");
    }

    public static SafetensorsCheckpoint OpenTrace() => SafetensorsCheckpoint.Open(Path.Combine(Folder, "trace.safetensors"));

    /// <summary>Runs the default job, or one that differs from it.</summary>
    public static LipSyncReport RunDefaultJob(SafetensorsCheckpoint trace, string pack, int threads, Func<LipSyncOptions, LipSyncOptions>? change = null)
    {
        string inputs = Path.GetDirectoryName(Folder)!;
        LipSyncOptions Job(string output) => new()
        {
            VideoPath = Path.Combine(inputs, (string)trace.Metadata["clip"]),
            AudioPath = Path.Combine(inputs, (string)trace.Metadata["speech"]),
            OutputPath = output,
            Steps = (int)Number(trace, "steps"),
            GuidanceScale = Number(trace, "guidance"),
        };
        return JobRun.Run(pack, threads, output => change is null ? Job(output) : change(Job(output)));
    }

    /// <summary>A number in the trace's metadata.</summary>
    public static double Number(SafetensorsCheckpoint trace, string key) => double.Parse((string)trace.Metadata[key], CultureInfo.InvariantCulture);
}
