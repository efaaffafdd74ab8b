using LatentSync.ManagedCuda;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Tests.ManagedCuda;

/// <summary>The optional project, compiled against the stub unless the build was given the package.</summary>
public sealed class ManagedCudaInspectorTests
{
    private static readonly bool s_isStub =
        typeof(ManagedCudaInspector).Assembly.GetReferencedAssemblies().Any(reference => reference.Name == "ManagedCuda.Stub");

    private readonly ICudaInspector _inspector = new ManagedCudaInspector();

    [SkippableFact]
    public void Questions_WithTheStub_SayThatThePackageIsNotThere()
    {
        Skip.IfNot(s_isStub, "built with the package ManagedCuda-12");
        Action[] questions =
        [
            () => _ = _inspector.DeviceCount,
            () => _inspector.FreeMemoryInBytes(0),
            () => _inspector.CanAccessPeer(0, 1),
            () => _inspector.Occupancy(0, ".version 7.0", "kernel", 128),
            () => _inspector.TimeCopy(0, 1024),
        ];
        Assert.All(questions, question => Assert.Contains("-p:ManagedCuda=true", Assert.Throws<NotSupportedException>(question).Message, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void DeviceCount_WithoutADriver_IsOneClearError()
    {
        Skip.If(s_isStub, "built against the stub of ManagedCuda");
        Skip.If(NativeCudaIsThere(), "this machine has a CUDA driver");
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => _inspector.DeviceCount);
        Assert.Equal(LatentSyncError.Environment, error.Error);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Arguments_ThatCannotBeRight_AreRefusedBeforeTheDriverIsAsked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _inspector.Occupancy(0, ".version 7.0", "kernel", 0));
        Assert.Throws<ArgumentException>(() => _inspector.Occupancy(0, string.Empty, "kernel", 128));
        Assert.Throws<ArgumentException>(() => _inspector.Occupancy(0, ".version 7.0", string.Empty, 128));
        Assert.Throws<ArgumentOutOfRangeException>(() => _inspector.TimeCopy(0, 0));
    }

    [Fact]
    public void Product_Assemblies_DoNotReferToIt()
    {
        string[] product = ["LatentSync.Runtime", "LatentSync.Kernels", "LatentSync.Models", "LatentSync", "LatentSync.Cli"];
        Assert.All(product, name => Assert.DoesNotContain(
            System.Reflection.Assembly.Load(name).GetReferencedAssemblies(), reference => reference.Name!.Contains("ManagedCuda", StringComparison.Ordinal)));
    }

    [Fact]
    public void Occupancy_Fraction_IsResidentThreadsOverTheMost()
    {
        KernelOccupancy occupancy = new(
            Threads: 192, BlocksPerMultiprocessor: 5, MostThreadsPerMultiprocessor: 1536, BestThreads: 256, RegistersPerThread: 64, SharedMemoryInBytes: 0, LocalMemoryInBytes: 0);
        Assert.Equal(0.625, occupancy.Fraction);
    }

    private static bool NativeCudaIsThere()
    {
        bool found = System.Runtime.InteropServices.NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint library);
        if (found)
        {
            System.Runtime.InteropServices.NativeLibrary.Free(library);
        }

        return found;
    }
}
