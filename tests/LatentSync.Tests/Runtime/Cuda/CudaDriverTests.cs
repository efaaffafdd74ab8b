using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;
using LatentSync.Tests.Runtime.TensorRt;

namespace LatentSync.Tests.Runtime.Cuda;

public sealed class CudaDriverTests
{
    [SkippableFact]
    public void Open_TwoDevices_DescribesBoth()
    {
        using CudaDriver driver = CudaDriver.Open(NativeBuild.StandIn("cuda_two_devices", "libcuda.so.1"));
        Assert.Equal(new Version(12, 4), driver.CudaVersion);
        Assert.Equal(new CudaDeviceInfo(0, "Fake One", 24L << 30, new Version(8, 6), 84), driver.Devices[0]);
        Assert.Equal(new CudaDeviceInfo(1, new string('x', 255), 139L << 30, new Version(9, 0), 132), driver.Devices[1]);
        Assert.Equal(2, driver.Devices.Count);
        Assert.EndsWith("libcuda.so.1", driver.LibraryPath, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_NoDevice_SaysWhatTheDriverSays()
    {
        string path = NativeBuild.StandIn("cuda_no_device", "libcuda.so.1");
        CudaDriverException error = Assert.Throws<CudaDriverException>(() => CudaDriver.Open(path));
        Assert.Equal(LatentSyncError.Environment, error.Error);
        Assert.Contains("CUDA_ERROR_NO_DEVICE (100)", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_MissingLibraryWithNonAsciiPath_NamesItUnchanged()
    {
        NativeBuild.Require();
        string path = Path.Combine(Path.GetTempPath(), "pas là 'déjà'", "libcuda.so");
        VendorLibraryMissingException error = Assert.Throws<VendorLibraryMissingException>(() => CudaDriver.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_PathWithAZero_IsRefusedBeforeTheNativeSideCutsIt()
    {
        NativeBuild.Require();
        Assert.Equal(LatentSyncError.Usage, Assert.Throws<LatentSyncException>(() => CudaDriver.Open("a\0b")).Error);
    }
}
