using System.Runtime.InteropServices;
using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

public sealed class IlgpuProbeTests
{
    // A second resolver for one assembly is refused, which shows that there is a first.
    [Fact]
    public void Devices_Asked_HaveTheDriversNameResolved()
    {
        IlgpuProbe.Devices();
        Assert.Throws<InvalidOperationException>(() => NativeLibrary.SetDllImportResolver(typeof(ILGPU.Context).Assembly, (_, _, _) => 0));
    }
}
