using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using LatentSync.Runtime.Cuda.Native;
using LatentSync.Runtime.TensorRt.Native;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.TensorRt;

/// <summary>The managed mirror of <c>latentsync_rt.h</c>; the same numbers are asserted in C by <c>tests/native/header_in_c.c</c>.</summary>
public sealed class NativeAbiTests
{
    private static readonly string Header =
        File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, "native", "include", "latentsync_rt.h"));

    public static TheoryData<Type, int> Sizes => new()
    {
        { typeof(RuntimeInfoStruct), 40 },
        { typeof(CudaDriverOptionsStruct), 16 },
        { typeof(CudaDeviceStruct), 288 },
        { typeof(TensorRtOptionsStruct), 24 },
        { typeof(TensorRtInfoStruct), 24 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Struct_Size_IsTheHeaders(Type type, int size) =>
        Assert.Equal(size, (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!);

    [Theory]
    [InlineData(typeof(RuntimeInfoStruct), nameof(RuntimeInfoStruct.AbiVersion), 8)]
    [InlineData(typeof(RuntimeInfoStruct), nameof(RuntimeInfoStruct.VersionPatch), 20)]
    [InlineData(typeof(RuntimeInfoStruct), nameof(RuntimeInfoStruct.IsDebug), 28)]
    [InlineData(typeof(RuntimeInfoStruct), nameof(RuntimeInfoStruct.TensorRtMajor), 32)]
    [InlineData(typeof(RuntimeInfoStruct), nameof(RuntimeInfoStruct.TensorRtVersion), 36)]
    [InlineData(typeof(CudaDriverOptionsStruct), nameof(CudaDriverOptionsStruct.LibraryPath), 8)]
    [InlineData(typeof(CudaDeviceStruct), nameof(CudaDeviceStruct.TotalMemory), 8)]
    [InlineData(typeof(CudaDeviceStruct), nameof(CudaDeviceStruct.Ordinal), 16)]
    [InlineData(typeof(CudaDeviceStruct), nameof(CudaDeviceStruct.Multiprocessors), 28)]
    [InlineData(typeof(CudaDeviceStruct), nameof(CudaDeviceStruct.Name), 32)]
    [InlineData(typeof(TensorRtOptionsStruct), nameof(TensorRtOptionsStruct.Directory), 8)]
    [InlineData(typeof(TensorRtOptionsStruct), nameof(TensorRtOptionsStruct.Major), 16)]
    [InlineData(typeof(TensorRtInfoStruct), nameof(TensorRtInfoStruct.HasOnnxParser), 20)]
    public void Struct_FieldOffset_IsTheHeaders(Type type, string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf(type, field));

    [Fact]
    public void AbiVersion_InHeader_IsTheLoaders() =>
        Assert.Equal(NativeLibraryLoader.AbiVersion, int.Parse(Regex.Match(Header, @"#define LSRT_ABI_VERSION (\d+)").Groups[1].Value));

    [Fact]
    public void Statuses_InHeader_AreTheEnums()
    {
        Dictionary<string, int> header = Regex.Matches(Header, @"#define LSRT_STATUS_([A-Z_]+) (\d+)")
            .ToDictionary(m => m.Groups[1].Value.Replace("_", string.Empty), m => int.Parse(m.Groups[2].Value), StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int> managed = Enum.GetValues<NativeStatus>().ToDictionary(s => s.ToString(), s => (int)s);
        Assert.Equal(managed.Count, header.Count);
        Assert.All(managed, pair => Assert.Equal(pair.Value, header[pair.Key]));
    }
}
