using System.Text.RegularExpressions;

namespace LatentSync.Tests.Architecture;

public sealed class SourceRulesTests
{
    // The house's bound, with a median under 110; past this a file holds two things.
    private const int MostLines = 300;

    // The native runtime's one public header: a C caller, and the managed mirror of it, finds the whole contract in one file.
    private const string PublicHeader = "native/include/latentsync_rt.h";

    [Fact]
    public void SourceFiles_Length_IsWithinBounds() => SourceTree.AssertNone(
        from folder in new[] { "src", "native", "tests" }
        from file in SourceTree.Below(folder, ".cs", ".cpp", ".hpp", ".h", ".c")
        where file != PublicHeader
        let lines = SourceTree.Read(file).AsSpan().Count('\n')
        where lines > MostLines
        select $"{file}: {lines} lines",
        $"source files over {MostLines} lines");

    [Fact]
    public void SourceFiles_PublicTypes_AreOneAFileAndNameIt() => SourceTree.AssertNone(
        from file in SourceTree.Below("src", ".cs")
        let types = SourceTree.PublicType().Matches(SourceTree.Read(file)).Select(match => match.Groups[1].Value).Distinct().ToArray()
        where types.Length > 1 || (types.Length == 1 && types[0] != Path.GetFileName(file).Split('.')[0])
        select $"{file}: {string.Join(", ", types)}",
        "one public type a file, named as the file");

    [Fact]
    public void SourceFiles_Namespace_IsTheirFolder() => SourceTree.AssertNone(
        from file in SourceTree.Below("src", ".cs")
        let match = Regex.Match(SourceTree.Read(file), @"^namespace ([\w.]+);", RegexOptions.Multiline)
        let expected = string.Join('.', file.Split('/')[1..^1])
        where match.Success && match.Groups[1].Value != expected
        select $"{file}: {match.Groups[1].Value}, not {expected}",
        "namespaces follow folders");

    [Fact]
    public void SourceFiles_AreFinished()
    {
        // Put together here, so that this file does not find itself.
        Regex unfinished = new($@"\b(TO{""}DO|FIX{""}ME|HA{""}CK|NotImplemented{""}Exception)\b");
        SourceTree.AssertNone(
            from folder in new[] { "src", "native", "tests" }
            from file in SourceTree.Below(folder, ".cs", ".cpp", ".hpp", ".h", ".c")
            where unfinished.IsMatch(SourceTree.Read(file))
            select file,
            "unfinished code");
    }

    [Fact]
    public void Packages_Versions_ArePinnedInOnePlaceAndLocked()
    {
        string[] projects = [.. SourceTree.Below("src", ".csproj"), .. SourceTree.Below("tests", ".csproj")];
        Assert.NotEmpty(projects);
        SourceTree.AssertNone(
            projects.Where(project => Regex.IsMatch(SourceTree.Read(project), @"<PackageReference[^>]* Version(Override)?=")),
            "package versions outside Directory.Packages.props");
        SourceTree.AssertNone(
            projects.Where(project => !SourceTree.Files.Contains($"{Path.GetDirectoryName(project)!.Replace('\\', '/')}/packages.lock.json")),
            "projects without packages.lock.json");
        MatchCollection versions = Regex.Matches(SourceTree.Read("Directory.Packages.props"), @"<PackageVersion Include=""([^""]+)"" Version=""([^""]*)""");
        Assert.NotEmpty(versions);
        SourceTree.AssertNone(
            versions.Where(version => !Regex.IsMatch(version.Groups[2].Value, @"^\d+(\.\d+)+(-[\w.]+)?$")).Select(version => version.Value),
            "floating package versions");
    }
}
