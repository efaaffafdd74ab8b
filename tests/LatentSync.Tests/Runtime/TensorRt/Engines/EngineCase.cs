using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

/// <summary>Engines to test with; their plans are no plans.</summary>
internal static class EngineCase
{
    public static EngineTarget Target { get; } = new(new Version(10, 16, 1), "GPU of the tests", new Version(8, 6), new Version(12, 4), "550.54.15");

    public static IReadOnlyList<EngineProfile> Profiles { get; } =
        [new([new("sample", [1, 4], [2, 4], [2, 4])]), new([new("sample", [1, 1], [1, 2], [1, 4])])];

    public static EngineIdentity Identity { get; } = new()
    {
        Graph = new GraphHash(new string('a', 64), new string('b', 64)),
        Precision = EnginePrecision.Fp16,
        Preparation = "rules 1",
        Target = Target,
        Profiles = Profiles,
        Flags = EngineFlags.None,
    };

    public static EngineHeader Header { get; } = new()
    {
        Network = "unet",
        Identity = Identity,
        Tuning = new EngineTuning(3, 1 << 20),
        CreatedBy = "the tests",
    };

    /// <summary>Writes an engine file and returns its path.</summary>
    public static string Write(string path, EngineHeader? header = null, int planSize = 5000)
    {
        byte[] plan = new byte[planSize];
        new Random(7).NextBytes(plan);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        EngineFile.Write(path, path + ".new", header ?? Header, new MemoryStream(plan), CancellationToken.None);
        return path;
    }

    /// <summary>Puts an engine where a cache looks for it.</summary>
    public static string Add(EngineCache cache, EngineIdentity identity, int planSize = 5000, bool isRefitted = false) =>
        Write(cache.PathOf(identity), Header with { Identity = identity, IsRefitted = isRefitted }, planSize);
}
