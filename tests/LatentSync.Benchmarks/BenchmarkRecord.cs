using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatentSync.Benchmarks;

/// <summary>One run as JSON: when, of which commit, on what machine, and every table.</summary>
internal sealed record BenchmarkRecord(
    string Date, string Commit, MachineDescription Machine, int Threads, double MatrixGflops, IReadOnlyList<BenchmarkRecord.Section> Sections)
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A section's table.</summary>
    public sealed record Section(string Name, string Title, IReadOnlyList<IReadOnlyDictionary<string, object>> Rows);

    public static BenchmarkRecord Of(BenchmarkContext context, IEnumerable<(string Name, MarkdownTable Table)> sections) => new(
        DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        FindCommit(),
        MachineDescription.Read(),
        context.Threads,
        Math.Round(context.Gflops, 1),
        [.. sections.Select(section => new Section(section.Name, section.Table.Title, section.Table.Rows))]);

    /// <summary>Writes it; returns the path.</summary>
    public string Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, s_options) + "\n");
        return path;
    }

    /// <summary>Its file in the history: one a run.</summary>
    [JsonIgnore]
    public string HistoryPath => Path.Combine(
        BenchmarkPaths.RepositoryRoot, "tests", "LatentSync.Benchmarks", "results", $"{Date.Replace(":", string.Empty, StringComparison.Ordinal)}-{Commit}.json");

    // A "+" behind the commit: the sources have changes that it does not hold.
    private static string FindCommit()
    {
        try
        {
            string commit = ChildProcess.Run("git", "-C", BenchmarkPaths.RepositoryRoot, "rev-parse", "--short=10", "HEAD").Trim();
            return ChildProcess.Run("git", "-C", BenchmarkPaths.RepositoryRoot, "status", "--porcelain").Length > 0 ? commit + "+" : commit;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
