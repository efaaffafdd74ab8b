using System.Diagnostics;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Benchmarks;

/// <summary>
/// The machine's float32 matrix rate: the product of two 2048 x 2048 matrices on ONNX Runtime. Times of different machines are compared as
/// seconds times this rate.
/// </summary>
internal static class MatrixRate
{
    private const int Side = 2048;
    private const int Repetitions = 9;

    /// <summary>Best of several products, in GFLOP/s (a multiply and an add are two operations).</summary>
    public static double MeasureGflops(int threads)
    {
        string folder = Directory.CreateTempSubdirectory("latentsync-matrix-").FullName;
        try
        {
            string path = Path.Combine(folder, "matmul.onnx");
            OnnxModelWriter.Write(Product(), path);
            using OnnxRuntimeEngine engine = OnnxRuntimeEngine.Load(path, new OnnxRuntimeOptions { IntraOpThreads = threads });
            return Measure(engine);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Measure(OnnxRuntimeEngine engine)
    {
        Tensor a = Random(1), b = Random(2), product = Tensor.Zeros(Side, Side);
        double best = double.PositiveInfinity;
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            engine.Run([new NamedTensor("a", a), new NamedTensor("b", b)], [new NamedTensor("product", product)]);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * Side * Side * Side / best / 1e9;
    }

    private static Tensor Random(int seed)
    {
        Random random = new(seed);
        Tensor tensor = Tensor.Zeros(Side, Side);
        foreach (ref float value in tensor.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        return tensor;
    }

    private static OnnxGraph Product() => new()
    {
        Name = "matrix_rate",
        Opset = 17,
        Inputs = [Matrix("a"), Matrix("b")],
        Outputs = [Matrix("product")],
        Nodes = [new OnnxNode("MatMul", "product", ["a", "b"], ["product"], [])],
        Initializers = [],
    };

    private static OnnxValueInfo Matrix(string name) => new(name, OnnxElementType.Float, [Side, Side]);
}
