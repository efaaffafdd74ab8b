using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using LatentSync.Runtime.Native;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Runtime.TensorRt.Native;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.Native;

/// <summary>The managed mirror of <c>latentsync_rt.h</c>; the same numbers are asserted in C by <c>tests/native/header_in_c.c</c>.</summary>
public sealed class NativeAbiTests
{
    private static readonly string Header =
        File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, "native", "include", "latentsync_rt.h"));

    // The list that tests/native asserts in C.
    private static readonly string Layouts =
        File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, "tests", "native", "abi_layouts.def"));

    public static TheoryData<string> Structs => [.. HeaderStructs().Keys];

    [Theory]
    [MemberData(nameof(Structs))]
    public void Struct_Layout_ListsEveryFieldOfTheHeader(string name)
    {
        Assert.Contains($"LSRT_SIZE({name},", Layouts, StringComparison.Ordinal);
        Assert.Equal(HeaderStructs()[name], Offsets(name).Select(field => field.Name));
    }

    [Theory]
    [MemberData(nameof(Structs))]
    public void Struct_SizeAndOffsets_AreTheHeaders(string name)
    {
        Type type = Mirror(name);
        int size = int.Parse(Regex.Match(Layouts, $@"LSRT_SIZE\({name}, (\d+)\)").Groups[1].Value);
        Assert.Equal(size, (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!);
        FieldInfo[] fields = [.. type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).OrderBy(field => (int)Marshal.OffsetOf(type, field.Name))];
        Assert.Equal(
            Offsets(name).Select(field => $"{Plain(field.Name)} {field.Offset}"),
            fields.Select(field => $"{Plain(field.Name)} {Marshal.OffsetOf(type, field.Name)}"));
    }

    [Fact]
    public void Structs_InTheManagedAssembly_AreAllInTheHeader() => Assert.Equal(
        Structures().Select(type => type.Name).Order(StringComparer.Ordinal),
        HeaderStructs().Keys.Select(name => Mirror(name).Name).Order(StringComparer.Ordinal));

    [Fact]
    public void AbiVersion_InHeader_IsTheLoaders() =>
        Assert.Equal(NativeLibraryLoader.AbiVersion, int.Parse(Regex.Match(Header, @"#define LSRT_ABI_VERSION (\d+)").Groups[1].Value));

    [Theory]
    [InlineData("LSRT_BUILD_REFITTABLE", (int)EngineFlags.Refittable)]
    [InlineData("LSRT_BUILD_WEIGHT_STREAMING", (int)EngineFlags.WeightStreaming)]
    [InlineData("LSRT_BUILD_TF32", (int)EngineFlags.Tf32)]
    [InlineData("LSRT_MAX_RANK", ExtentsBuffer.MaxRank)]
    public void Constant_InHeader_IsTheManagedOne(string name, int value) =>
        Assert.Equal(value, int.Parse(Regex.Match(Header, $@"#define {name} (\d+)").Groups[1].Value));

    [Fact]
    public void Statuses_InHeader_AreTheEnums()
    {
        Dictionary<string, int> header = Regex.Matches(Header, @"#define LSRT_STATUS_([A-Z_]+) (\d+)")
            .ToDictionary(m => m.Groups[1].Value.Replace("_", string.Empty), m => int.Parse(m.Groups[2].Value), StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int> managed = Enum.GetValues<NativeStatus>().ToDictionary(s => s.ToString(), s => (int)s);
        Assert.Equal(managed.Count, header.Count);
        Assert.All(managed, pair => Assert.Equal(pair.Value, header[pair.Key]));
    }

    // Every struct with a body, and the names of its fields in order.
    private static Dictionary<string, string[]> HeaderStructs() => Regex
        .Matches(Regex.Replace(Header, @"/\*.*?\*/", string.Empty, RegexOptions.Singleline), @"typedef struct \w* ?\{(.*?)\} (\w+);", RegexOptions.Singleline)
        .ToDictionary(match => match.Groups[2].Value, match => Fields(match.Groups[1].Value));

    // The name is what stands last, before the extent of an array; of a pointer to a function, what stands in its parentheses.
    private static string[] Fields(string body) =>
    [
        .. from declaration in body.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
           let function = Regex.Match(declaration, @"\(\*(\w+)\)")
           from name in function.Success ? [function] : Regex.Matches(declaration, @"(\w+)(?:\[\w+\])?\s*(?=,|$)").AsEnumerable()
           select name.Groups[1].Value,
    ];

    private static (string Name, int Offset)[] Offsets(string name) =>
        [.. Regex.Matches(Layouts, $@"LSRT_OFFSET\({name}, (\w+), (\d+)\)").Select(match => (match.Groups[1].Value, int.Parse(match.Groups[2].Value)))];

    private static Type Mirror(string name) => Assert.Single(Structures(), type => Plain(type.Name) == Plain(name["lsrt".Length..] + "_struct"));

    // Types that the compiler makes have no namespace.
    private static IEnumerable<Type> Structures() => typeof(RuntimeInfoStruct).Assembly.GetTypes().Where(type =>
        type.IsValueType && type.Namespace is { } space && space.EndsWith(".Native", StringComparison.Ordinal) && type.Name.EndsWith("Struct", StringComparison.Ordinal));

    private static string Plain(string name) => name.Replace("_", string.Empty).ToLowerInvariant();
}
