using System.Diagnostics;
using LatentSync.Models.Costs;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Benchmarks;

/// <summary>
/// One guided step of the full-size UNet (16 frames of 256 px) for every variant of its graph, against the plain one and against the machine's matrix rate
/// of the same run. The share of the rate is counted in the plain graph's multiply-adds, so that work left out counts as speed.
/// </summary>
internal static class UNetBenchmark
{
    private const int Repetitions = 2;

    // 5 GB of weights as mapped from the file, again as repacked for speed, and the activations of 32 pictures.
    private const double GigabytesNeeded = 13;

    public static MarkdownTable Run(BenchmarkContext context)
    {
        MarkdownTable table = new(
            "One guided step of the full-size UNet, 256 px, 16 frames, fp32",
            "what", "s", "ratio to plain", "multiply-adds G", "GFLOP/s of the plain graph's", "matrix GFLOP/s", "share", "peak memory GB", "max error");
        if (MachineDescription.AvailableBytes() is { } available && available < GigabytesNeeded * 1e9)
        {
            table.Add($"not measured: takes {GigabytesNeeded:0} GB of memory, {available / 1e9:0.0} are free", "", "", "", "", "", "", "", "");
            return table;
        }

        string folder = Directory.CreateTempSubdirectory("latentsync-bench-unet-").FullName;
        try
        {
            using FullSizeUNet unet = new();
            UNetVariant[] variants = [FullSizeUNet.Variant("plain graph", unet.Graph, batch: 2)];
            Measure(table, variants, folder, context.Threads, context.WithTorch ? path => TorchStep.Run(unet, path, context.Threads) : null);
            return table;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Measures variants; the first is the plain graph, on whose files a comparison may run as well.</summary>
    public static void Measure(MarkdownTable table, IReadOnlyList<UNetVariant> variants, string folder, int threads, Func<string, TorchStep.Result>? compare)
    {
        double plainSeconds = 0, plainCount = 0;
        foreach (UNetVariant variant in variants)
        {
            string path = Path.Combine(folder, "unet.onnx");
            OnnxModelFiles files = OnnxModelWriter.Write(variant.Graph, path);
            long count = MultiplyAdds.Count(variant.Graph, variant.InputShapes).Total;
            NamedTensor[] inputs = FullSizeUNet.MakeInputs(variant.InputShapes);
            (double seconds, double gflops, Tensor output) = Time(path, inputs, threads);
            bool isPlain = plainSeconds == 0;
            (plainSeconds, plainCount) = isPlain ? (seconds, count) : (plainSeconds, plainCount);
            AddRow(variant.Name, seconds, count, gflops, $"{(MachineDescription.PeakBytes() ?? 0) / 1e9:0.0}", "");
            if (isPlain && compare is not null)
            {
                WriteInputs(path, inputs);
                TorchStep.Result torch = compare(path);
                AddRow($"PyTorch {torch.Version}", torch.Seconds, count, torch.Gflops, $"{torch.PeakBytes / 1e9:0.0}", $"{WorstError(output, torch.Output):0.0e+0} std");
            }

            foreach (WrittenFile file in files.All)
            {
                File.Delete(file.Path);
            }
        }

        void AddRow(string name, double seconds, long count, double gflops, string memory, string error)
        {
            double achieved = 2 * plainCount / seconds / 1e9;
            table.Add(name, $"{seconds:0.00}", $"{seconds / plainSeconds:0.000}", $"{count / 1e9:0.0}", $"{achieved:0.0}", $"{gflops:0.0}", $"{achieved / gflops:0.000}", memory, error);
        }
    }

    // The matrix rate is the better of one before and one after: what else the machine does in between slows both.
    private static (double Seconds, double Gflops, Tensor Output) Time(string path, NamedTensor[] inputs, int threads)
    {
        double gflops = MatrixRate.MeasureGflops(threads), best = double.PositiveInfinity;
        using OnnxRuntimeEngine engine = OnnxRuntimeEngine.Load(path, new OnnxRuntimeOptions { IntraOpThreads = threads });
        Tensor output = engine.Run(inputs)[0];
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            output = engine.Run(inputs)[0];
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (best, Math.Max(gflops, MatrixRate.MeasureGflops(threads)), output);
    }

    private static void WriteInputs(string path, NamedTensor[] inputs)
    {
        foreach (NamedTensor input in inputs)
        {
            File.WriteAllBytes(TorchStep.InputPath(path, input.Name), System.Runtime.InteropServices.MemoryMarshal.AsBytes(input.Value.Span));
        }
    }

    // In standard deviations of ours, as the references' tolerances are.
    private static double WorstError(Tensor ours, float[] theirs)
    {
        ReadOnlySpan<float> values = ours.Data.Span;
        double mean = 0, squares = 0, worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            mean += values[i];
            squares += (double)values[i] * values[i];
            worst = Math.Max(worst, Math.Abs(values[i] - (double)theirs[i]));
        }

        mean /= values.Length;
        return worst / Math.Sqrt((squares / values.Length) - (mean * mean));
    }
}
