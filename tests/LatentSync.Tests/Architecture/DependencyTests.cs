using System.Reflection;
using System.Xml.Linq;
using NetArchTest.Rules;

namespace LatentSync.Tests.Architecture;

/// <summary>Arrows point one way: Runtime, Kernels, LatentSync, Cli; Models to Runtime; stages to no stage; Pipeline joins them.</summary>
public sealed class DependencyTests
{
    private static readonly Assembly Library = Assembly.Load("LatentSync");

    private static readonly string[] Stages = ["Audio", "Video", "Faces", "Latents", "Denoising", "Decoding", "Compositing"];

    public static TheoryData<string> StageNames => [.. Stages];

    [Theory]
    [InlineData("LatentSync.Runtime", "")]
    [InlineData("LatentSync.Kernels", "LatentSync.Runtime")]
    [InlineData("LatentSync.Models", "LatentSync.Runtime")]
    [InlineData("LatentSync", "LatentSync.Kernels LatentSync.Models LatentSync.Runtime")]
    [InlineData("LatentSync.Profiling", "LatentSync")]
    [InlineData("LatentSync.Cli", "LatentSync LatentSync.Profiling")]
    [InlineData("LatentSync.ManagedCuda", "LatentSync.Runtime ManagedCuda.Stub")]
    public void Project_References_AreThoseOfThePlan(string project, string expected)
    {
        IEnumerable<string> references = XDocument.Parse(SourceTree.Read($"src/{project}/{project}.csproj"))
            .Descendants("ProjectReference")
            // A tool that only runs during the build is not part of what is built.
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Equal(expected, string.Join(' ', references.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(StageNames))]
    public void Stage_Types_ReachIntoNoOtherStageAndNotIntoThePipeline(string stage)
    {
        string[] forbidden = [.. Stages.Where(other => other != stage).Append("Pipeline").Select(other => $"LatentSync.{other}")];
        TestResult result = Types.InAssembly(Library).That().ResideInNamespace($"LatentSync.{stage}")
            .ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        SourceTree.AssertNone(result.FailingTypeNames ?? [], $"{stage} must not use another stage or the pipeline");
    }

    /// <summary>The rule above is worth nothing if it is blind: a dependency that is there must be seen, down to method bodies.</summary>
    [Fact]
    public void Library_Types_AreSeenToUseTheRuntime() => Assert.NotEmpty(
        Types.InAssembly(Library).That().HaveDependencyOn("LatentSync.Runtime").GetTypes());

    [Fact]
    public void Library_Types_AreInAStageOrInThePipeline()
    {
        HashSet<string> allowed = [.. Stages.Append("Pipeline").Select(stage => $"LatentSync.{stage}")];
        IEnumerable<string> others = Library.GetExportedTypes()
            .Where(type => !allowed.Any(space => type.Namespace == space || type.Namespace!.StartsWith(space + ".", StringComparison.Ordinal)))
            .Select(type => type.FullName!);
        SourceTree.AssertNone(others, "types outside the stage folders");
    }

    [Fact]
    public void NativeImports_StayInNativeFolders() => SourceTree.AssertNone(
        SourceTree.Below("src", ".cs")
            .Where(file => !file.Contains("/Native/", StringComparison.Ordinal))
            .Where(file => SourceTree.Read(file) is var text && (text.Contains("[DllImport", StringComparison.Ordinal) || text.Contains("[LibraryImport", StringComparison.Ordinal))),
        "imports of native functions outside a Native folder");
}
