using System.Reflection;

namespace LatentSync.Tests.Support;

/// <summary>
/// Where the references are: <c>LATENTSYNC_GOLDENS</c> (a folder that contains <c>goldens/</c>), else <c>LATENTSYNC_SHARED</c>, else
/// <c>../shared</c> beside the checkout, else the compact copy in <c>tests/data</c>.
/// </summary>
public static class Goldens
{
    public static string RepositoryRoot { get; } = Path.TrimEndingDirectorySeparator(
        typeof(Goldens).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>The demo pack's source folder: original file formats, clip and speech.</summary>
    public static string DemoPack { get; } = Path.Combine(RepositoryRoot, "engines", "demo");

    /// <summary>Whether the set is one that the caller chose: then an area without cases is passed over.</summary>
    public static bool IsCustomSet { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LATENTSYNC_GOLDENS"));

    public static string Root { get; } = FindRoot();

    public static string Area(string area) => Path.Combine(Root, area);

    /// <summary>The names of an area's case files; an empty area of the default set yields one row that must fail.</summary>
    public static IEnumerable<object[]> Files(string area, string pattern) =>
        OrMissing(area, Directory.Exists(Area(area)) ? Directory.GetFiles(Area(area), pattern).Select(f => Path.GetFileName(f)!) : []);

    /// <summary>The names of an area's safetensors files of one kind, told by what they hold; without any, as <see cref="Files"/>.</summary>
    public static IEnumerable<object[]> FilesWith(string area, Func<GoldenFile, bool> isOfTheKind) =>
        OrMissing(area, Directory.Exists(Area(area)) ? Directory.GetFiles(Area(area), "*.safetensors").Where(file => Holds(file, isOfTheKind)).Select(f => Path.GetFileName(f)!) : []);

    /// <summary>The names of an area's case folders that hold a file; an empty area of the default set yields one row that must fail.</summary>
    public static IEnumerable<object[]> Folders(string area, string mustHold) =>
        OrMissing(area, Directory.Exists(Area(area))
            ? Directory.GetDirectories(Area(area)).Where(d => File.Exists(Path.Combine(d, mustHold))).Select(d => Path.GetFileName(d)!)
            : []);

    /// <summary>The path of a case, or a failure (default set) or a skip (chosen set) if the area is empty.</summary>
    public static string Case(string area, string name)
    {
        Skip.If(name.Length == 0 && IsCustomSet, $"no case of '{area}' under {Root}");
        Assert.False(name.Length == 0, $"no case of '{area}' under {Root}: the default set must have one");
        return Path.Combine(Area(area), name);
    }

    private static bool Holds(string path, Func<GoldenFile, bool> isOfTheKind)
    {
        using GoldenFile golden = new(path);
        return isOfTheKind(golden);
    }

    private static IEnumerable<object[]> OrMissing(string area, IEnumerable<string> names)
    {
        object[][] rows = [.. names.Order(StringComparer.Ordinal).Select(n => new object[] { n })];
        return rows.Length > 0 ? rows : [[string.Empty]];
    }

    private static string FindRoot()
    {
        string? chosen = Environment.GetEnvironmentVariable("LATENTSYNC_GOLDENS");
        if (!string.IsNullOrEmpty(chosen))
        {
            return Path.Combine(Path.GetFullPath(chosen), "goldens");
        }

        string? shared = Environment.GetEnvironmentVariable("LATENTSYNC_SHARED");
        string[] candidates =
        [
            .. string.IsNullOrEmpty(shared) ? Array.Empty<string>() : [Path.Combine(Path.GetFullPath(shared), "goldens")],
            Path.Combine(RepositoryRoot, "..", "shared", "goldens"),
        ];
        return candidates.Select(Path.GetFullPath).FirstOrDefault(Directory.Exists)
            ?? Path.Combine(RepositoryRoot, "tests", "data", "goldens");
    }
}
