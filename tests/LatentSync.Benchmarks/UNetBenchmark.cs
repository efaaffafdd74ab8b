using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Benchmarks;

/// <summary>
/// One guided step of the full-size UNet (16 frames of 256 px) for every variant of its graph, against the plain one and against the machine's matrix rate
/// of the same run. The share of the rate is counted in the plain graph's multiply-adds, so that work left out counts as speed.
/// </summary>
internal static class UNetBenchmark
{
    // 5 GB of weights as mapped from the file, again as repacked for speed, and the activations of 32 pictures.
    private const double GigabytesNeeded = 13;

    public static MarkdownTable Run(BenchmarkContext context)
    {
        MarkdownTable table = new(
            "One guided step of the full-size UNet, 256 px, 16 frames, fp32",
            "what", "s", "ratio to plain", "multiply-adds G", "ratio to plain's", "GFLOP/s of the plain graph's", "matrix GFLOP/s", "share", "peak memory GB", "max error");
        if (MachineDescription.AvailableBytes() is { } available && available < GigabytesNeeded * 1e9)
        {
            table.Add($"not measured: takes {GigabytesNeeded:0} GB of memory, {available / 1e9:0.0} are free", "", "", "", "", "", "", "", "", "");
            return table;
        }

        string folder = Directory.CreateTempSubdirectory("latentsync-bench-unet-").FullName;
        try
        {
            using FullSizeUNet unet = new();
            string path = Path.Combine(folder, "unet.onnx");
            OnnxModelWriter.Write(unet.Graph, path);
            using OnnxModelReader plain = OnnxModelReader.Open(path);
            IReadOnlyList<NamedTensor> inputs = FullSizeUNet.PlainInputs(plain.Graph);
            UNetStep.Result? baseline = null;
            foreach (UNetVariant variant in context.EachRewrite ? UNetVariant.Each : UNetVariant.Main)
            {
                UNetStep.Result result = UNetStep.Measure(variant, plain.Graph, inputs, context.Threads);
                baseline ??= result;
                string error = variant.IsShallow || result == baseline ? string.Empty : $"{WorstError(baseline.Output, result.Output.Span):0.0e+0} std";
                AddRow(table, baseline, variant.Name, result.Seconds, result.MultiplyAdds, result.Gflops, MachineDescription.PeakBytes() ?? 0, error);
                if (result == baseline && context.WithTorch)
                {
                    WriteInputs(path, inputs);
                    TorchStep.Result torch = TorchStep.Run(unet, path, context.Threads);
                    AddRow(table, baseline, $"PyTorch {torch.Version}", torch.Seconds, result.MultiplyAdds, torch.Gflops, torch.PeakBytes, $"{WorstError(baseline.Output, torch.Output):0.0e+0} std");
                }
            }

            return table;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AddRow(MarkdownTable table, UNetStep.Result plain, string name, double seconds, long count, double gflops, double peakBytes, string error)
    {
        double achieved = 2 * plain.MultiplyAdds / seconds / 1e9;
        table.Add(
            name,
            $"{seconds:0.00}",
            $"{seconds / plain.Seconds:0.000}",
            $"{count / 1e9:0.0}",
            $"{count / (double)plain.MultiplyAdds:0.000}",
            $"{achieved:0.0}",
            $"{gflops:0.0}",
            $"{achieved / gflops:0.000}",
            $"{peakBytes / 1e9:0.0}",
            error);
    }

    private static void WriteInputs(string path, IReadOnlyList<NamedTensor> inputs)
    {
        foreach (NamedTensor input in inputs)
        {
            File.WriteAllBytes(TorchStep.InputPath(path, input.Name), System.Runtime.InteropServices.MemoryMarshal.AsBytes(input.Value.Span));
        }
    }

    // In standard deviations of ours, as the references' tolerances are.
    private static double WorstError(Tensor ours, ReadOnlySpan<float> theirs)
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
