using System.Text.RegularExpressions;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Architecture;

/// <summary>The repository's own files, without what building, testing and running leave behind.</summary>
internal static partial class SourceTree
{
    // The folders that .gitignore names.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal) { "bin", "obj", "out", "build", "TestResults", "cache" };

    /// <summary>Paths relative to the repository's root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Walk(new DirectoryInfo(Goldens.RepositoryRoot)).Select(Relative).Order(StringComparer.Ordinal)];

    public static string Root => Goldens.RepositoryRoot;

    public static IEnumerable<string> Below(string folder, params string[] extensions) =>
        Files.Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal) && extensions.Contains(Path.GetExtension(file)));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static long SizeOf(string file) => new FileInfo(Path.Combine(Root, file)).Length;

    /// <summary>Fails with one line per finding.</summary>
    public static void AssertNone(IEnumerable<string> findings, string rule)
    {
        string[] found = [.. findings];
        Assert.True(found.Length == 0, $"{rule}:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    /// <summary>The types that a C# file with a file-scoped namespace declares at its top level, those that are public.</summary>
    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|ref|unsafe|partial) )*(?:record struct|record class|record|class|struct|interface|enum|delegate \S+) (\w+)", RegexOptions.Multiline)]
    public static partial Regex PublicType();

    private static string Relative(FileInfo file) => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories()
            .Where(child => child.Name[0] != '.' && child.LinkTarget is null && !Ignored.Contains(child.Name))
            .SelectMany(Walk));
}
