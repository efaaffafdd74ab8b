namespace LatentSync.Benchmarks;

/// <summary>The sections by name, in the order in which they run.</summary>
internal static class BenchmarkSections
{
    private static readonly (string Name, Func<BenchmarkContext, MarkdownTable> Run)[] s_sections =
    [
        ("matrix", MatrixTable),
        ("job", context => JobBenchmark.Run(context.Pack, context.Threads, context.Gflops)),
        ("threads", ThreadsBenchmark.Run),
        ("presets", PresetBenchmark.Run),
        ("reference-presets", ReferencePresetBenchmark.Run),
        ("unet", UNetBenchmark.Run),
        ("latency", LatencyBenchmark.Run),
        ("put-back", context => PutBackTable(context.Threads)),
        ("memory", context => MemoryBenchmark.Run(context.Pack, context.MemoryLengths)),
    ];

    public static string[] Names { get; } = [.. s_sections.Select(section => section.Name)];

    public static MarkdownTable Run(string name, BenchmarkContext context) => s_sections.First(section => section.Name == name).Run(context);

    private static MarkdownTable MatrixTable(BenchmarkContext context)
    {
        MarkdownTable table = new("Matrix rate: 2048 x 2048 x 2048, float32, ONNX Runtime", "threads", "GFLOP/s", "ratio to 1 thread");
        double one = context.Threads == 1 ? context.Gflops : MatrixRate.MeasureGflops(1);
        table.Add("1", $"{one:0.0}", "1.00");
        if (context.Threads != 1)
        {
            table.Add($"{context.Threads}", $"{context.Gflops:0.0}", $"{context.Gflops / one:0.00}");
        }

        return table;
    }

    private static MarkdownTable PutBackTable(int threads)
    {
        MarkdownTable table = new($"Align and put-back of a 1080p frame with a 400 px face, {threads} threads", "what", "frames/s", "ratio to scalar");
        foreach (PutBackBenchmark.Row row in PutBackBenchmark.Run(threads))
        {
            table.Add(row.Name, $"{row.FramesPerSecond:0}", $"{row.Ratio:0.0}");
        }

        return table;
    }
}
