using System.Text;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using ManagedCuda;
using DriverEvent = ManagedCuda.CudaEvent;
using DriverKernel = ManagedCuda.CudaKernel;

namespace LatentSync.ManagedCuda;

/// <summary>Asks the driver through ManagedCuda, in each GPU's primary context, which the native runtime uses too. Safe for several threads.</summary>
public sealed class ManagedCudaInspector : ICudaInspector
{
    /// <inheritdoc/>
    public int DeviceCount => Ask("count the GPUs", CudaContext.GetDeviceCount);

    /// <inheritdoc/>
    public long FreeMemoryInBytes(int device) => Ask($"tell the free memory of GPU {device}", () =>
    {
        using CurrentContext current = new(device);
        return (long)current.Context.GetFreeDeviceMemorySize();
    });

    /// <inheritdoc/>
    public bool CanAccessPeer(int device, int peer) => Ask($"tell whether GPU {device} can access GPU {peer}", () =>
    {
        using PrimaryContext context = new(device);
        using PrimaryContext other = new(peer);
        return context.DeviceCanAccessPeer(other);
    });

    /// <inheritdoc/>
    public KernelOccupancy Occupancy(int device, string ptx, string entry, int threads)
    {
        ArgumentException.ThrowIfNullOrEmpty(ptx);
        ArgumentException.ThrowIfNullOrEmpty(entry);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return Ask($"tell the occupancy of {entry}", () =>
        {
            using CurrentContext current = new(device);
            // The driver reads the text up to a zero.
            DriverKernel kernel = current.Context.LoadKernelPTX(Encoding.UTF8.GetBytes(ptx + '\0'), entry);
            try
            {
                return new KernelOccupancy(
                    threads,
                    kernel.GetOccupancyMaxActiveBlocksPerMultiprocessor(threads, 0),
                    CudaContext.GetDeviceInfo(device).MaxThreadsPerMultiProcessor,
                    kernel.GetOccupancyMaxPotentialBlockSize().blockSize,
                    kernel.Registers,
                    kernel.SharedMemory,
                    kernel.LocalMemory);
            }
            finally
            {
                current.Context.UnloadKernel(kernel);
            }
        });
    }

    /// <inheritdoc/>
    public TimeSpan TimeCopy(int device, long sizeInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeInBytes);
        return Ask($"time a copy of {sizeInBytes} bytes on GPU {device}", () =>
        {
            using CurrentContext current = new(device);
            using CudaDeviceVariable<byte> source = new(sizeInBytes);
            using CudaDeviceVariable<byte> destination = new(sizeInBytes);
            using DriverEvent start = new();
            using DriverEvent end = new();
            // The first copy maps the memory; the second is the one to time.
            destination.CopyToDevice(source);
            start.Record();
            destination.CopyToDevice(source);
            end.Record();
            end.Synchronize();
            return TimeSpan.FromMilliseconds(DriverEvent.ElapsedTime(start, end));
        });
    }

    private static T Ask<T>(string question, Func<T> answer)
    {
        try
        {
            return answer();
        }
        catch (Exception exception) when (exception is CudaException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new LatentSyncException(
                LatentSyncError.Environment,
                $"the CUDA driver cannot {question}: {exception.Message.ReplaceLineEndings(" ").Trim()}; 'latentsync doctor' shows the driver and its GPUs",
                exception);
        }
    }
}
