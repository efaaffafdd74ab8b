using System.Reflection;
using System.Text.Json;
using ILGPU;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Kernels.Manifest;

namespace LatentSync.Tests.Kernels.Manifest;

public sealed class KernelManifestTests
{
    private static readonly string File = Path.Combine(PtxLibrary.DefaultFolder, KernelManifest.FileName);

    private static readonly KernelManifest Built = KernelManifest.Parse(System.IO.File.ReadAllText(File));

    public static TheoryData<int> Architectures => [75, 80, 86, 89, 90];

    [Theory, MemberData(nameof(Architectures))]
    public void Build_EveryKernel_HasThePtxThatTheManifestDescribes(int architecture)
    {
        Assert.Contains(architecture, Built.Architectures);
        Assert.Equal(DeviceKernels.All.Select(kernel => kernel.Name), Built.Kernels.Select(kernel => kernel.Name));
        foreach (KernelSignature kernel in Built.Kernels)
        {
            string ptx = System.IO.File.ReadAllText(Path.Combine(PtxLibrary.DefaultFolder, $"sm_{architecture}", kernel.Name + ".ptx"));
            PtxHeader.Verify(kernel, ptx);
        }
    }

    [Fact]
    public void Build_File_IsThatOfTheKernels() =>
        Assert.Equal(KernelManifest.Describe([90, 75, 86, 80, 89], DeviceKernels.All).ToJson(), System.IO.File.ReadAllText(File));

    [Fact]
    public void Layout_ViewStructureAndNumbers_LieAtTheirAlignments()
    {
        KernelSignature kernel = Built.Kernel(nameof(WarpKernels.WarpFace));
        Assert.Equal(("Kernel_WarpFace", 100), (kernel.Entry, kernel.Size));
        Assert.Equal(
            [
                new("index", KernelParameterKind.Extent, 0, 4, 4),
                new("frame", KernelParameterKind.View, 8, 16, 8, "uint8", 1),
                new("crop", KernelParameterKind.View, 24, 16, 8, "uint8", 1),
                new("cropToFrame", KernelParameterKind.Struct, 40, 48, 8, nameof(DeviceAffine)),
                new("frameWidth", KernelParameterKind.Int32, 88, 4, 4),
                new("frameHeight", KernelParameterKind.Int32, 92, 4, 4),
                new KernelParameter("cropWidth", KernelParameterKind.Int32, 96, 4, 4),
            ],
            kernel.Parameters);
        Assert.Equal(
            new KernelParameter("weights", KernelParameterKind.View, 56, 16, 8, "int16", 2), Built.Kernel(nameof(WarpKernels.ResizeRowsLanczos4)).Parameter("weights"));
        Assert.Equal(new KernelParameter("factor", KernelParameterKind.Float32, 24, 4, 4), Built.Kernel(nameof(LatentKernels.ScaleLatents)).Parameter("factor"));
    }

    [Fact]
    public void Layout_TypeWithoutARule_IsRefusedByName()
    {
        MethodInfo kernel = typeof(KernelManifestTests).GetMethod(nameof(KernelOfLong), BindingFlags.NonPublic | BindingFlags.Static)!;
        Assert.Contains("'offset'", Assert.Throws<NotSupportedException>(() => KernelLayout.Of(kernel)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"version": 2, "architectures": [], "kernels": []}""")]
    public void Parse_AnotherText_Throws(string json) => Assert.Throws<JsonException>(() => KernelManifest.Parse(json));

    [Theory]
    [InlineData("_second_2[16]", "_second_2[8]", "declares '.param .align 8 .b8 _second_2[8]'")]
    [InlineData(".align 8 .b8 _second", ".align 4 .b8 _second", "_second_2")]
    [InlineData("_second_2", "_other_2", "_other_2")]
    [InlineData(".f32 _third", ".b32 _third", "_third_3")]
    [InlineData(",\n\t.param .f32 _third_3", "", "2 parameters, the manifest 3")]
    [InlineData(".param .f32", ".param .f32 .ptr", "not understood")]
    [InlineData("Kernel_Name(", "Kernel_Other(", "no entry point Kernel_Name")]
    public void Verify_PtxThatDiffers_SaysWhere(string found, string replacement, string expected)
    {
        KernelSignature signature = new(
            "Name",
            "Kernel_Name",
            28,
            [
                new("index", KernelParameterKind.Extent, 0, 4, 4),
                new("second", KernelParameterKind.View, 8, 16, 8, "uint8", 1),
                new("third", KernelParameterKind.Float32, 24, 4, 4),
            ]);
        const string Ptx = ".visible .entry Kernel_Name(\n\t.param .b32 _index_1,\n\t.param .align 8 .b8 _second_2[16],\n\t.param .f32 _third_3\n)\n{";
        PtxHeader.Verify(signature, Ptx);
        Assert.Contains(found, Ptx, StringComparison.Ordinal);
        string message = Assert.Throws<InvalidOperationException>(() => PtxHeader.Verify(signature, Ptx.Replace(found, replacement, StringComparison.Ordinal))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static void KernelOfLong(Index1D index, long offset)
    {
    }
}
