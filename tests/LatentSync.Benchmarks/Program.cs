using System.CommandLine;
using LatentSync.Benchmarks;

Option<string[]> sections = new("--section")
{
    Description = $"What to measure: {string.Join(", ", BenchmarkSections.Names)}",
    DefaultValueFactory = _ => BenchmarkSections.Names,
    AllowMultipleArgumentsPerToken = true,
};
sections.AcceptOnlyFromAmong(BenchmarkSections.Names);
Option<int> threads = new("--threads") { Description = "Threads for the networks", DefaultValueFactory = _ => 2 };
Option<int[]> lengths = new("--seconds")
{
    Description = "Lengths for the memory section",
    DefaultValueFactory = _ => [10, 60, 300],
    AllowMultipleArgumentsPerToken = true,
};
Option<bool> torch = new("--with-torch") { Description = "Run the UNet's step in PyTorch too (python3-torch and libopenblas0-pthread)" };
Option<bool> each = new("--each-rewrite") { Description = "Measure the UNet's step with each rewrite on its own too, and the one between whole ones" };
Option<bool> samplers = new("--each-sampler") { Description = "Measure the samplers that presets were chosen from, besides the presets" };
Option<string> output = new("--out") { Description = "Where the tables are written besides the terminal; JSON goes beside it", DefaultValueFactory = _ => "out/benchmarks.md" };
Option<bool> record = new("--record") { Description = "Also keep the run in tests/LatentSync.Benchmarks/results" };

RootCommand root = new("Benchmarks: every figure is a ratio against a baseline stated beside it, measured in the same run")
{
    sections, threads, lengths, torch, each, samplers, output, record,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    using BenchmarkContext context = new(arguments.GetValue(threads))
    {
        MemoryLengths = arguments.GetValue(lengths)!,
        WithTorch = arguments.GetValue(torch),
        EachRewrite = arguments.GetValue(each),
        EachSampler = arguments.GetValue(samplers),
    };
    List<(string Name, MarkdownTable Table)> tables = [];
    foreach (string section in arguments.GetValue(sections)!)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MarkdownTable table = BenchmarkSections.Run(section, context);
        Console.WriteLine(table);
        tables.Add((section, table));
    }

    string path = Path.GetFullPath(arguments.GetValue(output)!);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    await File.WriteAllTextAsync(path, string.Join(Environment.NewLine, tables.Select(table => table.Table)), cancellationToken);
    BenchmarkRecord run = BenchmarkRecord.Of(context, tables);
    string json = run.Write(Path.ChangeExtension(path, ".json"));
    Console.WriteLine($"Written to {path} and {json}; matrix rate {context.Gflops:0} GFLOP/s with {context.Threads} threads");
    if (arguments.GetValue(record))
    {
        Console.WriteLine($"Recorded as {run.Write(run.HistoryPath)}");
    }
});
return await root.Parse(args).InvokeAsync();
