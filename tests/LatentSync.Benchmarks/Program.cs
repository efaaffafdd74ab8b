using System.CommandLine;
using LatentSync.Benchmarks;
using LatentSync.Models.Packs;

Option<string[]> sections = new("--section")
{
    Description = "What to measure: job, put-back, memory",
    DefaultValueFactory = _ => ["job", "put-back", "memory"],
    AllowMultipleArgumentsPerToken = true,
};
sections.AcceptOnlyFromAmong("job", "put-back", "memory");
Option<int> threads = new("--threads") { Description = "Threads for the networks", DefaultValueFactory = _ => 2 };
Option<int[]> lengths = new("--seconds")
{
    Description = "Lengths for the memory section",
    DefaultValueFactory = _ => [10, 60, 300],
    AllowMultipleArgumentsPerToken = true,
};
Option<string> output = new("--out") { Description = "Where the tables are written besides the terminal", DefaultValueFactory = _ => "out/benchmarks.md" };

RootCommand root = new("Benchmarks: every figure is a ratio against a baseline stated beside it, measured in the same run") { sections, threads, lengths, output };
root.SetAction(async (arguments, cancellationToken) =>
{
    string pack = Path.Combine(Directory.CreateTempSubdirectory("latentsync-bench-pack-").FullName, "demo");
    try
    {
        await ModelImporter.ImportAsync(
            new ImportOptions { CheckpointsPath = Path.Combine(BenchmarkPaths.Demo, "checkpoints"), ConfigPath = Path.Combine(BenchmarkPaths.Demo, "unet.yaml"), OutputPath = pack },
            cancellationToken: cancellationToken);
        double gflops = MatrixRate.MeasureGflops(arguments.GetValue(threads));
        List<MarkdownTable> tables = [];
        foreach (string section in arguments.GetValue(sections)!)
        {
            MarkdownTable table = section switch
            {
                "job" => JobBenchmark.Run(pack, arguments.GetValue(threads), gflops),
                "put-back" => PutBackTable(arguments.GetValue(threads)),
                _ => MemoryBenchmark.Run(pack, arguments.GetValue(lengths)!),
            };
            Console.WriteLine(table);
            tables.Add(table);
        }

        string path = Path.GetFullPath(arguments.GetValue(output)!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, string.Join(Environment.NewLine, tables), cancellationToken);
        Console.WriteLine($"Written to {path}; matrix rate {gflops:0} GFLOP/s with {arguments.GetValue(threads)} threads");
    }
    finally
    {
        Directory.Delete(Path.GetDirectoryName(pack)!, recursive: true);
    }
});
return await root.Parse(args).InvokeAsync();

static MarkdownTable PutBackTable(int threads)
{
    MarkdownTable table = new($"Align and put-back of a 1080p frame with a 400 px face, {threads} threads", "what", "frames/s", "ratio to scalar");
    foreach (PutBackBenchmark.Row row in PutBackBenchmark.Run(threads))
    {
        table.Add(row.Name, $"{row.FramesPerSecond:0}", $"{row.Ratio:0.0}");
    }

    return table;
}
