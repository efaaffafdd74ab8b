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
    public static MarkdownTable Run(string pack, int threads, double gflops)
    {
        string folder = Path.Combine(BenchmarkPaths.Goldens, "pipeline", "default");
        using SafetensorsCheckpoint trace = SafetensorsCheckpoint.Open(Path.Combine(folder, "trace.safetensors"));
        LipSyncReport report = RunJob(pack, threads, Path.GetDirectoryName(folder)!, key => (string)trace.Metadata[key]);

        double originalGflops = Number((string)trace.Metadata["matrix_gflops"]);
        Dictionary<string, double> original = JsonSerializer.Deserialize<Dictionary<string, double>>((string)trace.Metadata["stage_seconds"])!;
        MarkdownTable table = new(
            $"Default job against the original ({report.FrameCount} frames; matrix rate {gflops:0} GFLOP/s here, {originalGflops:0} there)",
            "stage", "original s", "ours s", "normalised ratio");
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

    private static LipSyncReport RunJob(string pack, int threads, string inputs, Func<string, string> metadata)
    {
        string output = Path.Combine(Directory.CreateTempSubdirectory("latentsync-bench-").FullName, "out.mp4");
        try
        {
            using LipSyncPipeline pipeline = LipSyncPipeline.Load(pack, new LipSyncEngineOptions { Threads = threads });
            return pipeline.RunAsync(new LipSyncOptions
            {
                VideoPath = Path.Combine(inputs, metadata("clip")),
                AudioPath = Path.Combine(inputs, metadata("speech")),
                OutputPath = output,
                Steps = (int)Number(metadata("steps")),
                GuidanceScale = Number(metadata("guidance")),
                UseFeatureCache = false,
            }).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(output)!, recursive: true);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
