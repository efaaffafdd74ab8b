using System.Reflection;
using ILGPU.Runtime.Cuda;
using LatentSync.Kernels.Ilgpu;
using LatentSync.Kernels.Ilgpu.Device;

namespace LatentSync.Tests.Kernels;

public sealed class PtxCompilerTests
{
    public static TheoryData<string> Architectures => ["sm_75", "sm_80", "sm_86", "sm_89", "sm_90"];

    [Theory, MemberData(nameof(Architectures))]
    public void Build_EveryKernel_LiesBesideTheAssemblies(string architecture)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "ptx", architecture);
        Assert.NotEmpty(DeviceKernels.All);
        Assert.Equal(DeviceKernels.All.Select(k => k.Name + ".ptx"), Directory.GetFiles(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        foreach (MethodInfo kernel in DeviceKernels.All)
        {
            string text = File.ReadAllText(Path.Combine(folder, kernel.Name + ".ptx"));
            Assert.Contains($".target {architecture}\n", text, StringComparison.Ordinal);
            Assert.Contains($".visible .entry Kernel_{kernel.Name}(", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Compile_OneKernel_GivesTheExtentAndItsParametersInOrder()
    {
        MethodInfo kernel = DeviceKernels.All.Single(k => k.Name == nameof(LatentKernels.SchedulerStep));
        string text = PtxCompiler.Compile(CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, [kernel])[kernel.Name];
        string header = text[text.IndexOf("Kernel_SchedulerStep(", StringComparison.Ordinal)..text.IndexOf(")\n{", StringComparison.Ordinal)];

        // Native code launches by this layout: extent, two views of 16 bytes, two factors.
        string[] parameters = [.. header.Split('\n').Where(line => line.Contains(".param", StringComparison.Ordinal))];
        Assert.Equal(5, parameters.Length);
        Assert.Contains(".b32", parameters[0], StringComparison.Ordinal);
        Assert.All(parameters[1..3], parameter => Assert.Contains(".b8", parameter, StringComparison.Ordinal));
        Assert.All(parameters[1..3], parameter => Assert.Contains("[16]", parameter, StringComparison.Ordinal));
        Assert.All(parameters[3..], parameter => Assert.Contains(".f32", parameter, StringComparison.Ordinal));
    }

    [Fact]
    public void Retarget_TextForALaterArchitecture_IsRefused()
    {
        Assert.Equal("\n.target sm_90\n", PtxCompiler.Retarget("\n.target sm_80\n", CudaArchitecture.SM_90));
        Assert.Throws<InvalidOperationException>(() => PtxCompiler.Retarget("\n.target sm_80\n", CudaArchitecture.SM_75));
        Assert.Throws<InvalidOperationException>(() => PtxCompiler.Retarget("nothing", CudaArchitecture.SM_75));
    }

    [Fact]
    public void WriteAll_FileWithAnotherText_IsReplaced()
    {
        string folder = Directory.CreateTempSubdirectory("ptx-").FullName;
        try
        {
            MethodInfo[] kernels = [DeviceKernels.All[0]];
            string path = PtxCompiler.WriteAll(folder, kernels)[0];
            string text = File.ReadAllText(path);
            File.WriteAllText(path, "other");
            Assert.Equal(PtxCompiler.Targets.Count, PtxCompiler.WriteAll(folder, kernels).Count);
            Assert.Equal(text.Split('\n').Length, File.ReadAllText(path).Split('\n').Length);
            Assert.Empty(Directory.GetFiles(folder, "*.part", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
