using System.Diagnostics;
using LatentSync.Models.Costs;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Benchmarks;

/// <summary>One variant of the UNet on ONNX Runtime: its networks before the steps run once, then its step is timed.</summary>
internal static class UNetStep
{
    private const int Repetitions = 2;

    // What a chunk's steps share is spread over the default job's.
    private const int StepsPerChunk = 20;

    /// <summary>What was measured.</summary>
    /// <param name="Seconds">A step, with its share of what is computed once a chunk.</param>
    /// <param name="MultiplyAdds">The same, counted.</param>
    /// <param name="Gflops">The machine's matrix rate, measured before and after.</param>
    /// <param name="Output">The prediction.</param>
    public sealed record Result(double Seconds, long MultiplyAdds, double Gflops, Tensor Output);

    /// <summary>Measures a step.</summary>
    /// <param name="variant">Which one.</param>
    /// <param name="graph">The plain UNet, read from a file.</param>
    /// <param name="plainInputs">The plain network's inputs for both halves of guidance.</param>
    /// <param name="threads">Threads for the networks.</param>
    public static Result Measure(UNetVariant variant, OnnxGraph graph, IReadOnlyList<NamedTensor> plainInputs, int threads)
    {
        UNetProgramOptions options = new() { Guided = true, Rewrites = variant.Rewrites, DoublesExactly = true, CacheBranch = variant.IsShallow ? 0 : null };
        UNetProgram program = UNetProgram.Build(graph, options);
        ProgramCosts costs = ProgramCosts.Count(program, FullSizeUNet.Extents(program.SharesGuidance ? 1 : 2));
        Dictionary<string, Tensor> values = FullSizeUNet.Values(plainInputs, program);

        // The matrix rate is the better of one before and one after: what else the machine does in between slows both.
        double gflops = MatrixRate.MeasureGflops(threads), chunkSeconds = 0;
        if (program.Schedule is { } schedule)
        {
            Run(schedule, values, threads, repetitions: 1);
        }

        if (program.Chunk is { } chunk)
        {
            chunkSeconds = Run(chunk, values, threads, Repetitions);
        }

        double seconds = Run(program.Step, values, threads, variant.IsShallow ? 1 : Repetitions);
        if (variant.IsShallow)
        {
            seconds = Run(program.ShallowStep!, values, threads, Repetitions);
        }

        return new Result(
            seconds + (chunkSeconds / StepsPerChunk),
            (variant.IsShallow ? costs.ShallowStep : costs.Step) + (costs.Chunk / StepsPerChunk),
            Math.Max(gflops, MatrixRate.MeasureGflops(threads)),
            values[UNetValues.OutSample]);
    }

    // The first run warms up; the best of the others counts.
    private static double Run(OnnxGraph graph, Dictionary<string, Tensor> values, int threads, int repetitions)
    {
        OnnxModelImage image = OnnxModelImage.Of(graph);
        using OnnxRuntimeEngine engine = OnnxRuntimeEngine.Load(image.Bytes, image.DataFolder, graph.Name, new OnnxRuntimeOptions { IntraOpThreads = threads });
        NamedTensor[] inputs = [.. engine.Inputs.Select(input => new NamedTensor(input.Name, values[input.Name]))];
        double best = double.PositiveInfinity;
        for (int i = 0; i <= repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<Tensor> results = engine.Run(inputs);
            best = i == 0 ? best : Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            foreach ((TensorContract output, Tensor result) in engine.Outputs.Zip(results))
            {
                values[output.Name] = result;
            }
        }

        return best;
    }
}
