using LatentSync.Runtime.Cuda.Native;
using LatentSync.Runtime.TensorRt;

namespace LatentSync.Runtime.Cuda;

/// <summary>One GPU, ready to work.</summary>
public sealed class CudaDevice : IDisposable
{
    private CudaDevice(DeviceHandle handle, TensorRt.CudaDevice info)
    {
        Handle = handle;
        Info = info;
    }

    /// <summary>The GPU as its driver describes it.</summary>
    public TensorRt.CudaDevice Info { get; }

    internal DeviceHandle Handle { get; }

    /// <summary>Takes a GPU into use.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="ordinal">The driver's device number, from 0.</param>
    /// <exception cref="LatentSyncException">There is no such device, or it refuses.</exception>
    public static CudaDevice Open(CudaDriver driver, int ordinal = 0)
    {
        ArgumentNullException.ThrowIfNull(driver);
        TensorRt.CudaDevice info = driver.Devices.FirstOrDefault(device => device.Ordinal == ordinal)
            ?? throw new LatentSyncException(LatentSyncError.Usage, $"there is no CUDA device {ordinal}: the driver shows {driver.Devices.Count}, counted from 0");
        return new CudaDevice(DeviceHandle.Create(driver.Handle, ordinal), info);
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
