using LatentSync.Models.Packs;

namespace LatentSync.Benchmarks;

/// <summary>What the sections of one run share.</summary>
internal sealed class BenchmarkContext : IDisposable
{
    private readonly Lazy<string> _pack;
    private readonly Lazy<double> _gflops;

    public BenchmarkContext(int threads)
    {
        Threads = threads;
        _pack = new Lazy<string>(ImportDemo);
        _gflops = new Lazy<double>(() => MatrixRate.MeasureGflops(threads));
    }

    /// <summary>Threads for the networks.</summary>
    public int Threads { get; }

    /// <summary>The demo pack, imported when it is first asked for.</summary>
    public string Pack => _pack.Value;

    /// <summary>The machine's matrix rate with <see cref="Threads"/>, in GFLOP/s.</summary>
    public double Gflops => _gflops.Value;

    /// <summary>Lengths of the memory section in seconds.</summary>
    public IReadOnlyList<int> MemoryLengths { get; init; } = [10, 60, 300];

    /// <summary>Whether the UNet section also runs PyTorch.</summary>
    public bool WithTorch { get; init; }

    /// <summary>Whether the UNet section measures each rewrite on its own.</summary>
    public bool EachRewrite { get; init; }

    /// <summary>Whether the presets section measures the samplers that presets were chosen from.</summary>
    public bool EachSampler { get; init; }

    public void Dispose()
    {
        if (_pack.IsValueCreated)
        {
            Directory.Delete(Path.GetDirectoryName(Pack)!, recursive: true);
        }
    }

    private static string ImportDemo()
    {
        string pack = Path.Combine(Directory.CreateTempSubdirectory("latentsync-bench-pack-").FullName, "demo");
        ModelImporter.ImportAsync(new ImportOptions
        {
            CheckpointsPath = Path.Combine(BenchmarkPaths.Demo, "checkpoints"),
            ConfigPath = Path.Combine(BenchmarkPaths.Demo, "unet.yaml"),
            OutputPath = pack,
        }).GetAwaiter().GetResult();
        return pack;
    }
}
