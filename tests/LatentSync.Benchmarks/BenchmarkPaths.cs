using System.Reflection;

namespace LatentSync.Benchmarks;

/// <summary>Where the benchmarks find their inputs.</summary>
internal static class BenchmarkPaths
{
    public static string RepositoryRoot { get; } = Path.TrimEndingDirectorySeparator(
        typeof(BenchmarkPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    public static string Demo { get; } = Path.Combine(RepositoryRoot, "engines", "demo");

    /// <summary>The references: <c>LATENTSYNC_SHARED</c>, else <c>../shared</c>, else the compact copy in <c>tests/data</c>.</summary>
    public static string Goldens { get; } = FindGoldens();

    private static string FindGoldens()
    {
        string? shared = Environment.GetEnvironmentVariable("LATENTSYNC_SHARED");
        string[] roots = [shared ?? Path.Combine(RepositoryRoot, "..", "shared"), Path.Combine(RepositoryRoot, "tests", "data")];
        return roots.Select(root => Path.GetFullPath(Path.Combine(root, "goldens"))).First(Directory.Exists);
    }
}
