using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Gpu.Tests;

/// <summary>What the native library says of a machine that has a GPU; skipped, with its own reason, on one that has none.</summary>
public sealed class CudaMachineTests
{
    [SkippableFact]
    public void Devices_RealDriver_AreDescribed()
    {
        using CudaDriver driver = Open();
        Assert.True(driver.CudaVersion >= new Version(11, 0), driver.CudaVersion.ToString());
        Assert.NotEmpty(driver.Devices);
        Assert.All(driver.Devices, device =>
        {
            Assert.NotEmpty(device.Name);
            // The smallest device of a supported architecture (sm_75 and later) has 2 GiB.
            Assert.True(device.TotalMemoryInBytes >= 1L << 30, device.ToString());
            Assert.True(device.Multiprocessors > 0, device.ToString());
            Assert.True(device.ComputeCapability >= new Version(3, 0), device.ToString());
        });
    }

    [SkippableFact]
    public void Open_Twice_GivesTheSameDevices()
    {
        using CudaDriver first = Open();
        using CudaDriver second = Open();
        Assert.Equal(first.Devices, second.Devices);
    }

    private static CudaDriver Open()
    {
        try
        {
            return CudaDriver.Open();
        }
        catch (LatentSyncException exception) when (exception.Error == LatentSyncError.Environment)
        {
            Skip.If(true, exception.Message);
            throw;
        }
    }
}
